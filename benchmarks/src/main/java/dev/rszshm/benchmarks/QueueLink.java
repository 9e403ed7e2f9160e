package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.queue.QueueSpec;
import dev.rszshm.structures.queue.SharedQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A queue of ours, in a heap of its own with an allocator, in the directory of the members. */
final class QueueLink extends MessageLink {
  /** Both members may be in one JVM, which has a heap once. */
  private static final Map<Path, Allocator> ALLOCATORS = new ConcurrentHashMap<>();

  private final SharedQueue<byte[]> queue;
  private final boolean spinning;
  private final byte[] bytes;
  private final ByteBuffer message;
  private final SpinWait wait = new SpinWait();

  /**
   * Finds or makes the queue.
   *
   * @param spinning whether both sides spin; otherwise its own waiting is used
   */
  QueueLink(boolean spinning, LapMember member, int index, int capacity, int length) {
    Path path = member.directory().resolve("queue-" + index);
    Allocator allocator =
        ALLOCATORS.computeIfAbsent(path, p -> Allocator.on(Heap.builder().open(p)));
    this.queue =
        SharedQueue.named(
            allocator, "queue", Codecs.byteArrays(), QueueSpec.bounded(capacity / length));
    this.spinning = spinning;
    this.bytes = new byte[length];
    this.message = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  void send(long number) {
    message.putLong(0, number);
    message.putLong(bytes.length - Long.BYTES, MessageCheck.lastWord(number));
    if (!spinning) {
      queue.putUninterruptibly(bytes);
      return;
    }
    while (!queue.offer(bytes)) {
      wait.pause();
    }
    wait.reset();
  }

  @Override
  int receive(MessageCheck check) {
    byte[] received = spinning ? poll() : queue.takeUninterruptibly();
    ByteBuffer words = ByteBuffer.wrap(received).order(ByteOrder.nativeOrder());
    long last = words.getLong(received.length - Long.BYTES);
    check.accept(received.length, bytes.length, words.getLong(0), last);
    return 1;
  }

  private byte[] poll() {
    byte[] received = queue.poll();
    while (received == null) {
      wait.pause();
      received = queue.poll();
    }
    wait.reset();
    return received;
  }
}
