package dev.notify.console;

import java.util.Map;

/**
 * What to answer whoever looks at the console.
 *
 * @param status the HTTP status
 * @param headers the header fields, {@code Content-Type} among them
 * @param body the bytes, none for HEAD; not a copy
 * @since 0.1
 */
public record ConsoleAnswer(int status, Map<String, String> headers, byte[] body) {

  @Override
  public String toString() {
    return "ConsoleAnswer[" + status + ", " + body.length + " bytes]";
  }
}
