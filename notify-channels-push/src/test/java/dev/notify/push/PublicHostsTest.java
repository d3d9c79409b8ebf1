package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.http.HttpTimeouts;
import dev.notify.http.PublicHosts;
import dev.notify.http.Reply;
import dev.notify.http.VendorHttp;
import dev.notify.model.Outcome;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicHostsTest {

  private final PublicHosts hosts = new PublicHosts(Set.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1"
      })
  void addressesThatAreNotOfTheInternetAreRefused(String text) throws Exception {
    assertThat(PublicHosts.isPublic(InetAddress.getByName(text))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "2001:4860:4860::8888",
        "64:ff9b::808:808"
      })
  void addressesOfTheInternetAreCalled(String text) throws Exception {
    assertThat(PublicHosts.isPublic(InetAddress.getByName(text))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://push.example.net/",
        "https://localhost/",
        "https://intranet/",
        "https://printer.local/",
        "https://a.localhost/",
        "https://metadata.google.internal/",
        "https://127.0.0.1/",
        "https://1.1.1.1/",
        "https://[::1]/",
        "https://0x7f.1/",
        "https://push.example.net./"
      })
  void namesThatAreNoPushServicesAreRefused(String url) {
    assertThat(hosts.mayCall(HttpUrl.get(url))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://fcm.googleapis.com/fcm/send/a",
        "https://updates.push.services.mozilla.com/wpush/v2/a",
        "https://web.push.apple.com/a",
        "https://wns2-par02p.notify.windows.com/w/?token=a",
        "https://push.example.net:8443/"
      })
  void namesOfPushServicesAreCalled(String url) {
    assertThat(hosts.mayCall(HttpUrl.get(url))).isTrue();
  }

  @Test
  void aNameThatStandsForAnAddressWithinIsNotFound() {
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> hosts.lookup("localhost"))
        .withMessage("no public address");
  }

  @Test
  void aTrustedHostIsCalledWhereverItIs() throws Exception {
    PublicHosts trusting = new PublicHosts(Set.of("localhost"));

    assertThat(trusting.lookup("localhost")).isNotEmpty();
    assertThat(trusting.mayCall(HttpUrl.get("http://localhost:8080/"))).isTrue();
    assertThat(trusting.mayCall(HttpUrl.get("http://127.0.0.1:8080/"))).isFalse();
  }

  @Test
  void theGuardStandsAtTheConnectionItself() {
    try (HttpStandIn inside = HttpStandIn.answering(new Response(201, Map.of(), ""))) {
      String url = "http://localhost:" + inside.url().getPort() + "/";

      assertThat(call(new PublicHosts(Set.of()), url))
          .isEqualTo(new Reply.Silence(Outcome.retryable("not sent: host not found")));
      assertThat(inside.requests()).isEmpty();
      assertThat(call(new PublicHosts(Set.of("localhost")), url)).isInstanceOf(Reply.Answer.class);
    }
  }

  private static Reply call(PublicHosts hosts, String url) {
    try (VendorHttp http =
        VendorHttp.open("test", HttpTimeouts.DEFAULT, InstantSource.system(), hosts)) {
      return http.exchange(
          new Request.Builder().url(url).post(RequestBody.create(new byte[1], null)).build());
    }
  }
}
