package dev.notify.examples.server;

import dev.notify.model.ConfigurationException;
import io.javalin.http.Context;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * From where a request comes, as limits tell strangers apart. What a proxy of ours says in {@code
 * X-Forwarded-For} is believed, and what anybody else says there is not. A network of IPv6 counts
 * as one address, since whoever has one address in it has all of them.
 */
final class ClientAddresses {

  private static final String OPTION = "proxies";
  private static final int NETWORK_BYTES = 8;

  /** Beyond 255, or beginning with a point, it would be taken for a name and looked up. */
  private static final Pattern V4 =
      Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d{1,2})(\\.(25[0-5]|2[0-4]\\d|1?\\d{1,2})){3}");

  private static final Pattern V6 = Pattern.compile("(?=[^:]*:)[0-9a-fA-F:][0-9a-fA-F:.]*");

  private final Set<InetAddress> proxies;

  private ClientAddresses(Set<InetAddress> proxies) {
    this.proxies = proxies;
  }

  static ClientAddresses of(Settings settings) {
    return new ClientAddresses(
        settings.words(OPTION).stream()
            .map(
                text ->
                    parsed(text)
                        .orElseThrow(
                            () ->
                                new ConfigurationException(
                                    Settings.SERVER
                                        + OPTION
                                        + ": must be addresses such as 10.0.0.1 or fd00::1")))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Where a request comes from. */
  String of(Context request) {
    String peer = request.req().getRemoteAddr();
    return of(peer, Collections.list(request.req().getHeaders("X-Forwarded-For")));
  }

  /**
   * Each proxy adds whom it heard at the end; the last one that is no proxy of ours is the client.
   */
  String of(String peer, List<String> forwarded) {
    Optional<InetAddress> client = parsed(peer);
    List<String> path =
        forwarded.stream()
            .flatMap(line -> Arrays.stream(line.split(",")))
            .map(String::strip)
            .toList();
    for (int i = path.size() - 1; i >= 0 && client.filter(proxies::contains).isPresent(); i--) {
      Optional<InetAddress> before = parsed(path.get(i));
      if (before.isEmpty()) {
        break;
      }
      client = before;
    }
    return client.map(ClientAddresses::shown).orElse(peer);
  }

  /** Only of an address as it is written: nothing is looked up. */
  private static Optional<InetAddress> parsed(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (!V4.matcher(bare).matches() && !V6.matcher(bare).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(bare));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static String shown(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES) + "::/64"
        : address.getHostAddress();
  }

  @Override
  public String toString() {
    return "ClientAddresses[" + proxies.size() + " proxies]";
  }
}
