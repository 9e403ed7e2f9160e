package dev.rszshm.benchmarks;

import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * A channel of ours. Either its own waiting is used, or both sides spin, as with Agrona's rings.
 */
final class ChannelLink extends MessageLink {
  private final Channel channel;
  private final boolean spinning;
  private final byte[] bytes;
  private final ByteBuffer message;
  private final SpinWait wait = new SpinWait();

  /**
   * Finds or makes the channel.
   *
   * @param stream whether it is a stream; otherwise it has slots of the length of the messages
   * @param single whether there is one sender and one receiver, and the channel knows it
   * @param capacity bytes of messages that it holds
   */
  ChannelLink(
      boolean stream,
      boolean single,
      boolean spinning,
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
    int size = spinning ? receiveSpinning() : channel.receiveUninterruptibly(bytes);
    long last = message.getLong(bytes.length - Long.BYTES);
    check.accept(size, bytes.length, message.getLong(0), last);
    return 1;
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
