package dev.rszshm.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * One program sends the lines of its standard input, another prints them, until the input ends.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.Lines /dev/shm/lines receive &
 * java … dev.rszshm.examples.Lines /dev/shm/lines send < README.md
 * }</pre>
 */
public final class Lines {
  private Lines() {}

  /** Takes the path of the heap, and {@code send} or {@code receive}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      Channel lines = Channel.named(allocator, "lines", ChannelSpec.stream(64 << 10));
      if (args[1].equals("send")) {
        send(lines);
      } else {
        receive(lines);
        heap.remove();
      }
    }
  }

  private static void send(Channel lines) throws IOException, InterruptedException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      lines.send(line.getBytes(UTF_8));
    }
    lines.shutdown();
  }

  private static void receive(Channel lines) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    try {
      while (true) {
        out.println(new String(lines.receive(), UTF_8));
      }
    } catch (ChannelShutdownException end) {
      // Every line that was sent has been printed.
    }
  }
}
