package dev.notify.push;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;

/**
 * Service accounts as the Firebase console hands them out, with a key made here and a token server
 * of ours.
 */
final class ServiceAccounts {

  static final String PROJECT = "shop-4711";
  static final String PRIVATE_KEY = newKey();

  private ServiceAccounts() {}

  static InputStream json(URI tokenServer) {
    ObjectNode json = new JsonMapper().createObjectNode();
    json.put("type", "service_account")
        .put("project_id", PROJECT)
        .put("private_key_id", "key-1")
        .put(
            "private_key",
            "-----BEGIN PRIVATE KEY-----\n" + PRIVATE_KEY + "\n-----END PRIVATE KEY-----\n")
        .put("client_email", "sender@" + PROJECT + ".iam.gserviceaccount.com")
        .put("client_id", "1")
        .put("token_uri", tokenServer + "/token");
    return new ByteArrayInputStream(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return Base64.getMimeEncoder(64, new byte[] {'\n'})
          .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has RSA", e);
    }
  }
}
