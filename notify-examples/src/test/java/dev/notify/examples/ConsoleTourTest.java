package dev.notify.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class ConsoleTourTest {

  private final HttpClient browser = HttpClient.newHttpClient();

  @Test
  void everyPageHasSomethingToSee() throws Exception {
    try (ConsoleTour tour = new ConsoleTour(0)) {
      tour.begin();
      tour.orderShipped();

      assertThat(page(tour, "search")).contains("Tea is on sale", "template order-shipped");
      assertThat(page(tour, "dead-letters")).contains("Your parcel waits", "REJECTED");
      assertThat(page(tour, "templates")).contains("order-shipped", "German");
      assertThat(page(tour, "experiments")).contains("sale-title", "question");
      assertThat(page(tour, "preferences?person=ana")).contains("https://shop.example/u/");
    }
  }

  private String page(ConsoleTour tour, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(tour.address().resolve(path)).build();
    return browser.send(request, BodyHandlers.ofString()).body();
  }
}
