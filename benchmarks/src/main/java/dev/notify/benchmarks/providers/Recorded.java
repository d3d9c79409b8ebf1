package dev.notify.benchmarks.providers;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * A request as it stood on the wire, to be sent again.
 *
 * @param method POST, for example
 * @param target its path and query
 * @param headers all of them, {@code Name: value}
 * @param body its bytes
 */
record Recorded(String method, String target, List<String> headers, byte[] body) {

  /** What OkHttp puts there by itself. */
  private static final Set<String> OF_THE_CLIENT =
      Set.of("host", "connection", "accept-encoding", "content-length", "content-type");

  static Recorded of(byte[] request, int head, int length) {
    List<String> lines =
        new String(request, 0, head, StandardCharsets.ISO_8859_1).strip().lines().toList();
    String[] first = lines.get(0).split(" ");
    return new Recorded(
        first[0],
        first[1],
        lines.subList(1, lines.size()),
        Arrays.copyOfRange(request, head, head + length));
  }

  /** The same request for OkHttp. */
  Request request(URI base) {
    Request.Builder request = new Request.Builder().url(base + target);
    MediaType type = null;
    for (String header : headers) {
      String[] parts = header.split(": ?", 2);
      if (parts[0].equalsIgnoreCase("Content-Type")) {
        type = MediaType.get(parts[1]);
      } else if (!OF_THE_CLIENT.contains(parts[0].toLowerCase(java.util.Locale.ROOT))) {
        request.header(parts[0], parts[1]);
      }
    }
    return request.method(method, RequestBody.create(body, type)).build();
  }

  /** Whether it is the same, whatever the order of headers. */
  boolean isLike(Recorded other) {
    return method.equals(other.method)
        && target.equals(other.target)
        && headers.stream().sorted().toList().equals(other.headers.stream().sorted().toList())
        && Arrays.equals(body, other.body);
  }

  @Override
  public String toString() {
    return method + " " + target + " " + headers + " and " + body.length + " bytes";
  }
}
