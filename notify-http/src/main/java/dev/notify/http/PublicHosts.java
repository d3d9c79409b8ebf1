package dev.notify.http;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.Dns;
import okhttp3.HttpUrl;

/**
 * Keeps endpoints, which strangers choose, from leading into our own network. Names are looked at
 * when an address is given, and what they stand for at every connection: a name can change its
 * meaning in between.
 *
 * @since 0.1
 */
public final class PublicHosts implements Dns {

  private static final Pattern NAME = Pattern.compile("[^:]+\\.[^.:]*[a-z][^.:]*");

  private final Set<String> trusted;

  /**
   * With some that are trusted, wherever they are.
   *
   * @param trusted hosts in lower case, without port
   */
  public PublicHosts(Set<String> trusted) {
    this.trusted = Set.copyOf(trusted);
  }

  /** Whether the address is at a trusted host. */
  public boolean isTrusted(HttpUrl url) {
    return trusted.contains(url.host());
  }

  /** Whether the address may be called, as far as its text tells. */
  public boolean mayCall(HttpUrl url) {
    return isTrusted(url) || (url.isHttps() && isName(url.host()));
  }

  /** Services have names; digits, and names without a dot, are somebody's own machine. */
  private static boolean isName(String host) {
    return NAME.matcher(host).matches()
        && !host.endsWith(".localhost")
        && !host.endsWith(".local")
        && !host.endsWith(".internal");
  }

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    List<InetAddress> addresses = Dns.SYSTEM.lookup(host);
    if (trusted.contains(host)) {
      return addresses;
    }
    List<InetAddress> open = addresses.stream().filter(PublicHosts::isPublic).toList();
    if (open.isEmpty()) {
      throw new UnknownHostException("no public address");
    }
    return open;
  }

  /** Whether it is an address of the Internet, by the registries of special-purpose addresses. */
  public static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return isPublicV4(bytes);
    }
    return address instanceof Inet6Address && isPublicV6(bytes);
  }

  private static boolean isPublicV4(byte[] b) {
    int first = b[0] & 0xff;
    int second = b[1] & 0xff;
    int third = b[2] & 0xff;
    return switch (first) {
      case 0, 10, 127 -> false;
      case 100 -> second < 64 || second > 127;
      case 169 -> second != 254;
      case 172 -> second < 16 || second > 31;
      case 192 ->
          second != 168 && !(second == 0 && (third == 0 || third == 2)) && !isRelay(second, third);
      case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100);
      case 203 -> !(second == 0 && third == 113);
      default -> first < 224;
    };
  }

  /** To IPv6, out of use since RFC 7526. */
  private static boolean isRelay(int second, int third) {
    return second == 88 && third == 99;
  }

  private static boolean isPublicV6(byte[] b) {
    if (startsWith(b, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) {
      // How a network without IPv4 says an IPv4 address (RFC 6052).
      return isPublicV4(Arrays.copyOfRange(b, 12, 16));
    }
    return (b[0] & 0xe0) == 0x20
        && !startsWith(b, 0x20, 0x01, 0x00)
        && !startsWith(b, 0x20, 0x01, 0x01)
        && !startsWith(b, 0x20, 0x01, 0x0d, 0xb8)
        && !startsWith(b, 0x20, 0x02)
        && !(startsWith(b, 0x3f, 0xff) && (b[2] & 0xf0) == 0);
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
