package dev.notify.benchmarks.inbox;

import dev.notify.benchmarks.Threads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Scanner;

/**
 * Many browsers on one thread, in a process of their own: {@code PORT STREAMS}. Says {@code open}
 * when each has got its first event; {@code forget} as a line of input leaves out what came so far,
 * and at any other line it prints how many events came and how long each took, in microseconds.
 */
final class Clients {

  private static final byte[] SENT = "\"sent\":\"".getBytes(StandardCharsets.US_ASCII);

  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
  private long[] took = new long[1 << 16];
  private int events;
  private volatile int greeted;
  private volatile boolean isToForget;
  private volatile boolean isOver;

  /** What one of them has read so far: how much of the mark, and then the moment's digits. */
  private static final class Reading {
    private boolean isGreeted;
    private int matched;
    private long moment;
  }

  private Clients(int port, int streams) throws IOException {
    selector = Selector.open();
    for (int i = 0; i < streams; i++) {
      SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channel.write(
          ByteBuffer.wrap(
              ("GET /inbox?user=user-" + i + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII)));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Reading());
    }
  }

  public static void main(String[] args) throws Exception {
    int streams = Integer.parseInt(args[1]);
    Clients clients = new Clients(Integer.parseInt(args[0]), streams);
    Thread reader = new Thread(clients::read, "clients");
    reader.start();
    while (clients.greeted < streams && reader.isAlive()) {
      Threads.sleep(Duration.ofMillis(10));
    }
    System.out.println("open");
    try (Scanner in = new Scanner(System.in, StandardCharsets.US_ASCII)) {
      while (in.nextLine().equals("forget")) {
        clients.isToForget = true;
        clients.selector.wakeup();
        while (clients.isToForget) {
          Threads.sleep(Duration.ofMillis(1));
        }
        System.out.println("forgotten");
      }
    }
    clients.isOver = true;
    clients.selector.wakeup();
    Threads.join(reader);
    clients.print();
  }

  private void print() {
    long[] all = Arrays.copyOf(took, events);
    Arrays.sort(all);
    StringBuilder line = new StringBuilder().append(events);
    for (double part : new double[] {0.5, 0.9, 0.99, 0.999, 1}) {
      line.append(' ')
          .append(events == 0 ? -1 : all[Math.max(0, (int) Math.ceil(events * part) - 1)]);
    }
    System.out.println(line);
  }

  private void read() {
    try {
      while (!isOver) {
        selector.select();
        long now = Inboxes.micros();
        if (isToForget) {
          events = 0;
          isToForget = false;
        }
        for (SelectionKey key : selector.selectedKeys()) {
          read((SocketChannel) key.channel(), (Reading) key.attachment(), now);
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      e.printStackTrace();
    }
  }

  private void read(SocketChannel channel, Reading reading, long now) throws IOException {
    buffer.clear();
    if (channel.read(buffer) < 0) {
      throw new IOException("a stream ended");
    }
    buffer.flip();
    while (buffer.hasRemaining()) {
      byte next = buffer.get();
      if (!reading.isGreeted && next == '}') {
        reading.isGreeted = true;
        greeted++;
      }
      if (reading.matched == SENT.length) {
        if (next == '"') {
          add(now - reading.moment);
          reading.matched = 0;
          reading.moment = 0;
        } else {
          reading.moment = reading.moment * 10 + (next - '0');
        }
      } else {
        reading.matched =
            next == SENT[reading.matched] ? reading.matched + 1 : next == SENT[0] ? 1 : 0;
      }
    }
  }

  private void add(long micros) {
    if (events == took.length) {
      took = Arrays.copyOf(took, events * 2);
    }
    took[events++] = micros;
  }
}
