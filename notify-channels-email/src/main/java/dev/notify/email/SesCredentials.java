package dev.notify.email;

import dev.notify.http.Setting;
import dev.notify.model.ConfigurationException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An access key of Amazon Web Services, as an application has it from its role, its pod or its
 * vault. {@code toString} shows none of it.
 *
 * @param accessKeyId the key's id
 * @param secretAccessKey the key's secret
 * @param sessionToken goes with a key that ends
 * @since 0.1
 */
public record SesCredentials(
    String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9]{16,128}");

  /**
   * Checks their form.
   *
   * @throws ConfigurationException naming what is wrong, without showing it
   */
  public SesCredentials {
    checkedId(accessKeyId);
    checkedSecret(secretAccessKey);
    sessionToken.ifPresent(SesCredentials::checkedToken);
  }

  static String checkedId(String value) {
    return Setting.matching(KEY, "accessKeyId", value, "the access key's id, letters and digits");
  }

  static String checkedSecret(String value) {
    return Setting.secret("secretAccessKey", value, "the access key's secret");
  }

  static String checkedToken(String value) {
    return Setting.secret("sessionToken", value, "a session token");
  }

  @Override
  public String toString() {
    return "SesCredentials[***]";
  }
}
