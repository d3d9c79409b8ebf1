package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "250 2.0.0 Ok: queued as 4FD3A1 | 4FD3A1",
        "250 Ok: queued as hX-5_2kQ | hX-5_2kQ",
        "250 2.0.0 OK  1690000000 a1-20020a05.12 - gsmtp | 1690000000",
        "250 OK id=1qXyZa-0001Ab-Cd | 1qXyZa-0001Ab-Cd",
        "250 Ok 0000012345678e09-123a4cdc-b56c-78dd-b90e-d123be456789-000000 | 0000012345678e09-123a4cdc-b56c-78dd-b90e-d123be456789-000000",
      })
  void theQueueIdIsFound(String answer, String id) {
    assertThat(Reply.parse(250, answer).orElseThrow().queueId()).contains(id);
  }

  @ParameterizedTest
  @CsvSource({
    "250 ok",
    "250 2.0.0 ok jane@example.org",
    "250 2.0.0 queued as jane@example.org",
    "250 Ok: <jane@example.org>"
  })
  void anAddressIsNoQueueId(String answer) {
    assertThat(Reply.parse(250, answer).orElseThrow().queueId()).isEmpty();
  }

  @Test
  void onlyCodesShow() {
    assertThat(Reply.parse(550, "550 5.1.1 <jane@example.org> unknown").orElseThrow())
        .hasToString("550 5.1.1");
    assertThat(Reply.parse(550, "550 <jane@example.org> unknown").orElseThrow()).hasToString("550");
  }
}
