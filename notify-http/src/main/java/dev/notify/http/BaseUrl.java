package dev.notify.http;

import dev.notify.model.ConfigurationException;
import java.net.URI;
import okhttp3.HttpUrl;

/**
 * Checks a {@code baseUrl} option, with which a provider can be pointed at a sandbox.
 *
 * @since 0.1
 */
public final class BaseUrl {

  private BaseUrl() {}

  /**
   * The address in OkHttp's form.
   *
   * @throws ConfigurationException if it is not an absolute http or https address without user,
   *     query and fragment
   */
  public static HttpUrl of(URI uri) {
    HttpUrl url = HttpUrl.parse(uri.toString());
    if (url == null
        || uri.getUserInfo() != null
        || uri.getQuery() != null
        || uri.getFragment() != null) {
      throw new ConfigurationException(
          "baseUrl: must be an absolute http or https address without user, query and fragment");
    }
    return url;
  }
}
