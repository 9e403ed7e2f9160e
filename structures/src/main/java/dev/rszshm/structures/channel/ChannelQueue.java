package dev.rszshm.structures.channel;

import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.internal.codec.TakenBytes;
import dev.rszshm.structures.internal.queue.Draining;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A channel as a queue: what can only be done by looking at messages that stay cannot be done. */
final class ChannelQueue<T> extends AbstractQueue<T> implements BlockingQueue<T> {
  private final Channel channel;
  private final Codec<T> codec;

  ChannelQueue(Channel channel, Codec<T> codec) {
    this.channel = channel;
    this.codec = codec;
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "messages of a channel can be received, and not looked at before: use poll or take");
  }

  private byte[] encode(T element) {
    return codec.encode(Objects.requireNonNull(element));
  }

  private @Nullable T decode(Optional<byte[]> message) {
    return message.isEmpty() ? null : decode(message.get());
  }

  private T decode(byte[] message) {
    return TakenBytes.decode(codec, message, () -> "a message of " + channel);
  }

  private static Duration duration(long timeout, TimeUnit unit) {
    return Duration.ofNanos(unit.toNanos(timeout)); // saturates: Deadline takes it for "for ever"
  }

  @Override
  public void put(T element) throws InterruptedException {
    channel.send(encode(element));
  }

  @Override
  public boolean offer(T element) {
    return channel.trySend(encode(element));
  }

  @Override
  public boolean offer(T element, long timeout, TimeUnit unit) throws InterruptedException {
    return channel.send(encode(element), duration(timeout, unit));
  }

  @Override
  public T take() throws InterruptedException {
    return decode(channel.receive());
  }

  @Override
  public @Nullable T poll() {
    return decode(channel.tryReceive());
  }

  @Override
  public @Nullable T poll(long timeout, TimeUnit unit) throws InterruptedException {
    return decode(channel.receive(duration(timeout, unit)));
  }

  @Override
  public int remainingCapacity() {
    return (int) Math.min(Integer.MAX_VALUE, channel.remainingCapacity());
  }

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, channel.size());
  }

  @Override
  public int drainTo(Collection<? super T> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  public int drainTo(Collection<? super T> target, int most) {
    return Draining.drain(this, target, most);
  }

  @Override
  public void clear() {
    while (channel.tryReceive().isPresent()) {
      // received, and dropped
    }
  }

  @Override
  public @Nullable T peek() {
    throw unsupported();
  }

  @Override
  public Iterator<T> iterator() {
    throw unsupported();
  }

  @Override
  public boolean contains(Object element) {
    throw unsupported();
  }

  @Override
  public boolean remove(Object element) {
    throw unsupported();
  }

  @Override
  public String toString() {
    return "queue over " + channel;
  }
}
