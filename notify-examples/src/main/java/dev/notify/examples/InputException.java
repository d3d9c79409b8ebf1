package dev.notify.examples;

/**
 * The user gave something that cannot be used; the message says where and what to write instead.
 */
final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InputException(String message) {
    super(message);
  }
}
