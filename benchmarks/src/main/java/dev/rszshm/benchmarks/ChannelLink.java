package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.MessageHandler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * A channel of ours. Either its own waiting is used, or both sides spin, as with Agrona's rings.
 * Its messages are received into an array, one by one, or many where they are, as Agrona's.
 */
final class ChannelLink extends MessageLink {
  private final Channel channel;
  private static final int BATCH = 256;

  private final boolean spinning;
  private final boolean inPlace;
  private final byte[] bytes;
  private final ByteBuffer message;
  private final SpinWait wait = new SpinWait();
  private final MessageHandler handler = this::check;
  private MessageCheck checking;

  /**
   * Finds or makes the channel.
   *
   * @param stream whether it is a stream; otherwise it has slots of the length of the messages
   * @param single whether there is one sender and one receiver, and the channel knows it
   * @param inPlace whether many messages are received in a step, where they are
   * @param capacity bytes of messages that it holds
   */
  ChannelLink(
      boolean stream,
      boolean single,
      boolean spinning,
      boolean inPlace,
      LapMember member,
      int index,
      int capacity,
      int length) {
    ChannelSpec any =
        stream
            ? ChannelSpec.stream(capacity)
            : ChannelSpec.of(capacity / length, ChannelSpec.Width.fixed(length));
    ChannelSpec spec = single ? any.singleSender().singleReceiver() : any;
    if (spec.length(member.heap()) > LENGTH) {
      throw new IllegalArgumentException(
          spec
              + " takes "
              + spec.length(member.heap())
              + " bytes, expected "
              + LENGTH
              + " at most");
    }
    this.channel = Channel.at(member.heap(), member.link(index), spec);
    this.spinning = spinning;
    this.inPlace = inPlace;
    this.bytes = new byte[length];
    this.message = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  void send(long number) {
    message.putLong(0, number);
    message.putLong(bytes.length - Long.BYTES, MessageCheck.lastWord(number));
    if (!spinning) {
      channel.sendUninterruptibly(bytes);
      return;
    }
    while (!channel.trySend(bytes)) {
      wait.pause();
    }
    wait.reset();
  }

  @Override
  int receive(MessageCheck check) {
    if (inPlace) {
      checking = check;
      return receiveEach();
    }
    int size = spinning ? receiveSpinning() : channel.receiveUninterruptibly(bytes);
    long last = message.getLong(bytes.length - Long.BYTES);
    check.accept(size, bytes.length, message.getLong(0), last);
    return 1;
  }

  private int receiveEach() {
    int count;
    while ((count = channel.tryReceiveEach(BATCH, handler)) == 0) {
      wait.pause();
    }
    wait.reset();
    return count;
  }

  private void check(long offset, int length) {
    Heap heap = channel.heap();
    long last = heap.getLong(offset + length - Long.BYTES);
    checking.accept(length, bytes.length, heap.getLong(offset), last);
  }

  private int receiveSpinning() {
    OptionalInt size = channel.tryReceive(bytes);
    while (size.isEmpty()) {
      wait.pause();
      size = channel.tryReceive(bytes);
    }
    wait.reset();
    return size.getAsInt();
  }

  @Override
  void sendRange(long offset, long length) {
    channel.sendFromUninterruptibly(offset, length);
  }

  @Override
  void receiveRange(long offset, long length) {
    long size = channel.receiveIntoUninterruptibly(offset, length);
    if (size != length) {
      throw new IllegalStateException("received " + size + " bytes, expected " + length);
    }
  }
}
