package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * Sends one message of 100 MB through a channel with room for 4 MB, and checks what comes out.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.BigTransfer /dev/shm/big send &
 * java … dev.rszshm.examples.BigTransfer /dev/shm/big receive
 * }</pre>
 */
public final class BigTransfer {
  private static final int LENGTH = 100_000_000;

  private BigTransfer() {}

  /** Takes the path of the heap, and {@code send} or {@code receive}. */
  public static void main(String[] args) throws InterruptedException {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      Channel ready = Channel.named(allocator, "ready", ChannelSpec.of(1, Width.empty()));
      Channel data = Channel.named(allocator, "data", ChannelSpec.stream(4 << 20));
      if (args[1].equals("send")) {
        byte[] message = new byte[LENGTH];
        new Random().nextBytes(message);
        ready.receive();
        long start = System.nanoTime();
        data.send(message); // in parts, as the receiver makes room
        long nanos = System.nanoTime() - start;
        data.send(ByteBuffer.allocate(Long.BYTES).putLong(checksum(message)).array());
        System.out.printf(Locale.ROOT, "sent %d bytes, %.0f MB/s%n", LENGTH, LENGTH * 1e3 / nanos);
      } else {
        ready.send();
        byte[] message = data.receive();
        long expected = ByteBuffer.wrap(data.receive()).getLong();
        boolean same = checksum(message) == expected;
        System.out.println(
            "received " + message.length + " bytes, checksum " + (same ? "right" : "wrong"));
        heap.remove();
      }
    }
  }

  private static long checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return checksum.getValue();
  }
}
