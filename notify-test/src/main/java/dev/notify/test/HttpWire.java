package dev.notify.test;

import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** HTTP/1.1 on a socket, as much as a stand-in needs, and some things that are not HTTP at all. */
final class HttpWire {

  private static final int TRICKLE_MILLIS = 50;
  private static final int FLOOD_BYTES = 20 * 1024 * 1024;

  private final InputStream in;
  private final OutputStream out;

  HttpWire(Socket socket) throws IOException {
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  Request readRequest() throws IOException {
    String[] first = readLine().split(" ", 3);
    if (first.length < 3) {
      throw new IOException("not HTTP");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new IOException("not HTTP");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the request broke off");
    }
    return new Request(first[0], first[1], headers, new String(body, StandardCharsets.UTF_8));
  }

  private String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the client hung up");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the connection can go on. */
  boolean write(Response response) throws IOException {
    byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("Content-Length", Integer.toString(body.length));
    headers.putAll(response.headers());
    StringBuilder head = new StringBuilder("HTTP/1.1 " + response.status() + " Said\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
    out.flush();
    return headers.get("Content-Length").equals(Integer.toString(body.length));
  }

  boolean writeGarbage() throws IOException {
    out.write(
        new byte[] {0, (byte) 0xff, 'g', 'a', 'r', 'b', 'a', 'g', 'e', '\r', '\n', '\r', '\n'});
    out.flush();
    return false;
  }

  /** Ends when it is released, or nobody reads any more. */
  boolean writeTrickle(CountDownLatch release) throws IOException {
    out.write(
        ("HTTP/1.1 200 OK\r\nContent-Length: " + FLOOD_BYTES + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    try {
      do {
        out.write('x');
        out.flush();
      } while (!release.await(TRICKLE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  boolean writeFlood() throws IOException {
    out.write(
        ("HTTP/1.1 200 OK\r\nContent-Length: " + FLOOD_BYTES + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    byte[] chunk = "x".repeat(64 * 1024).getBytes(StandardCharsets.ISO_8859_1);
    for (int sent = 0; sent < FLOOD_BYTES; sent += chunk.length) {
      out.write(chunk);
    }
    out.flush();
    return true;
  }
}
