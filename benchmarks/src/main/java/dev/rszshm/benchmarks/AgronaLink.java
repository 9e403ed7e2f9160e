package dev.rszshm.benchmarks;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** A ring buffer of Agrona, in the memory of the heap. Both sides spin. */
final class AgronaLink extends MessageLink {
  private static final int TYPE = 1;

  /** Messages that are received at a time, at most. */
  private static final int BATCH = 256;

  private final RingBuffer ring;
  private final UnsafeBuffer heap;
  private final UnsafeBuffer message;
  private final int length;
  private final SpinWait wait = new SpinWait();
  private final MessageHandler handler = this::check;
  private final MessageHandler copier = this::copy;
  private MessageCheck checking;
  private int target;

  AgronaLink(boolean oneToOne, LapMember member, int index, int capacity, int length) {
    int bytes = capacity + RingBufferDescriptor.TRAILER_LENGTH;
    UnsafeBuffer buffer = new UnsafeBuffer(member.heap().toAddress(member.link(index)), bytes);
    this.ring = oneToOne ? new OneToOneRingBuffer(buffer) : new ManyToOneRingBuffer(buffer);
    this.heap =
        new UnsafeBuffer(member.heap().base(), Math.toIntExact(member.heap().mappedLength()));
    this.message = new UnsafeBuffer(new byte[length]);
    this.length = length;
  }

  @Override
  void send(long number) {
    message.putLong(0, number);
    message.putLong(length - Long.BYTES, MessageCheck.lastWord(number));
    send(message, 0, length);
  }

  private void send(UnsafeBuffer from, int index, int size) {
    while (!ring.write(TYPE, from, index, size)) {
      wait.pause();
    }
    wait.reset();
  }

  @Override
  int receive(MessageCheck check) {
    checking = check;
    return receive(handler, BATCH);
  }

  private int receive(MessageHandler to, int most) {
    int count;
    while ((count = ring.read(to, most)) == 0) {
      wait.pause();
    }
    wait.reset();
    return count;
  }

  private void check(int type, DirectBuffer buffer, int index, int size) {
    long last = buffer.getLong(index + size - Long.BYTES);
    checking.accept(size, length, buffer.getLong(index), last);
  }

  @Override
  void sendRange(long offset, long size) {
    int from = Math.toIntExact(offset);
    int end = Math.toIntExact(offset + size);
    while (from < end) {
      int part = Math.min(length, end - from);
      send(heap, from, part);
      from += part;
    }
  }

  @Override
  void receiveRange(long offset, long size) {
    target = Math.toIntExact(offset);
    while (target < offset + size) {
      receive(copier, BATCH);
    }
  }

  private void copy(int type, DirectBuffer buffer, int index, int size) {
    heap.putBytes(target, buffer, index, size);
    target += size;
  }
}
