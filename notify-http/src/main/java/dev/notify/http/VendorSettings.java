package dev.notify.http;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import okhttp3.Dns;
import okhttp3.HttpUrl;

/**
 * The options that the builders of all vendors have alike, checked as they are set. Not
 * thread-safe.
 *
 * <p>A builder holds one and has the setters itself. Inherited from here they would be missing on
 * the builder's page, and could not be called by reflection, since applications do not see this
 * package.
 *
 * @param <B> the vendor's builder
 * @since 0.1
 */
public final class VendorSettings<B> {

  private final B builder;
  private Optional<HttpUrl> baseUrl = Optional.empty();
  private HttpTimeouts timeouts = HttpTimeouts.DEFAULT;
  private InstantSource clock = InstantSource.system();
  private String name;

  /**
   * The usual ones.
   *
   * @param name the vendor's
   * @param builder what the setters give back, to be called on
   */
  public VendorSettings(String name, B builder) {
    this.name = name;
    this.builder = builder;
  }

  /** Sets the address to call in place of the vendor's own. */
  public B baseUrl(URI value) {
    baseUrl = Optional.of(BaseUrl.of(value));
    return builder;
  }

  /** Sets the time for a connection to stand. */
  public B connectTimeout(Duration value) {
    timeouts = timeouts.withConnect(value);
    return builder;
  }

  /** Sets the time for the next bytes of an answer. */
  public B readTimeout(Duration value) {
    timeouts = timeouts.withRead(value);
    return builder;
  }

  /** Sets the name in logs. */
  public B name(String value) {
    name = Setting.name(value);
    return builder;
  }

  /** Sets what tells the present. */
  public B clock(InstantSource value) {
    clock = value;
    return builder;
  }

  /** The builder that these belong to. */
  public B builder() {
    return builder;
  }

  /**
   * The address to call.
   *
   * @param usual the vendor's own address
   * @param path what follows it or the one that was set; may be empty
   */
  public HttpUrl endpoint(String usual, String path) {
    HttpUrl base = baseUrl.orElseGet(() -> HttpUrl.get(usual));
    return path.isEmpty() ? base : base.newBuilder().addPathSegments(path).build();
  }

  /** How long the vendor may take. */
  public HttpTimeouts timeouts() {
    return timeouts;
  }

  /** The name in logs. */
  public String name() {
    return name;
  }

  /** What tells the present. */
  public InstantSource clock() {
    return clock;
  }

  /** What calls the vendor; opens no connection yet. */
  public VendorHttp open() {
    return VendorHttp.open(name, timeouts, clock);
  }

  /** The same, for a vendor whose hosts are named by others; {@code dns} refuses some. */
  public VendorHttp open(Dns dns) {
    return VendorHttp.open(name, timeouts, clock, dns);
  }

  @Override
  public String toString() {
    return "VendorSettings[" + name + "]";
  }
}
