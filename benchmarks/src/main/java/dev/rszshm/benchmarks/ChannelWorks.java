package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import java.util.Arrays;

/** The works of the benchmark {@code channels}. */
final class ChannelWorks {
  /** Messages of a round trip, as in channel.c. */
  private static final int ROUND_TRIP = 32;

  /** Parts in which a transfer goes where they can be chosen. */
  private static final int CHUNK = 1 << 18;

  /** Blocks in which a copy goes, as in channel.c, and the unit of bulk. */
  static final int BLOCK = 1 << 20;

  private static final String ONE_WAY = "one-way-";
  private static final String ONE_THREAD = "one-thread-";

  /** Messages that one thread sends before it receives them; less than Agrona's rings hold. */
  private static final int TURN = 512;

  private ChannelWorks() {}

  /** Finds a work; null if it is not one of these. */
  static LapWork find(String name, String kind, LapMember member) throws Exception {
    if (name.startsWith(ONE_WAY)) {
      int length = Integer.parseInt(name.substring(ONE_WAY.length()));
      return new OneWay(member, MessageLink.of(kind, member, 0, MessageLink.CAPACITY, length));
    }
    if (name.startsWith(ONE_THREAD)) {
      int length = Integer.parseInt(name.substring(ONE_THREAD.length()));
      return new OneThread(member, MessageLink.of(kind, member, 0, MessageLink.CAPACITY, length));
    }
    return switch (name) {
      case "round-trip" ->
          new RoundTrip(member, roundTripLink(kind, member, 0), roundTripLink(kind, member, 1));
      case "transfer" ->
          new Transfer(member, MessageLink.of(kind, member, 0, MessageLink.BULK_CAPACITY, CHUNK));
      case "copy" -> new Copy(member);
      default -> null;
    };
  }

  private static MessageLink roundTripLink(String kind, LapMember member, int index)
      throws Exception {
    return MessageLink.of(kind, member, index, MessageLink.CAPACITY, ROUND_TRIP);
  }

  /** The first sends messages, the second receives and checks them; only those received count. */
  private static final class OneWay extends LapWork {
    private final LapMember me;
    private final MessageLink link;
    private final MessageCheck check = new MessageCheck();
    private long sent;

    OneWay(LapMember member, MessageLink link) {
      this.me = member;
      this.link = link;
    }

    @Override
    long lap() throws Exception {
      return me.number() == 0 ? send() : receive();
    }

    private long send() throws Exception {
      for (int i = 0; i < me.operations(); i++) {
        link.send(sent++);
      }
      return 0;
    }

    private long receive() throws Exception {
      int received = 0;
      while (received < me.operations()) {
        received += link.receive(check);
      }
      return received;
    }
  }

  /** One thread sends messages and receives them, in turns: what that costs the processor. */
  private static final class OneThread extends LapWork {
    private final LapMember me;
    private final MessageLink link;
    private final MessageCheck check = new MessageCheck();
    private long sent;

    OneThread(LapMember member, MessageLink link) {
      this.me = member;
      this.link = link;
    }

    @Override
    long lap() throws Exception {
      long before = sent;
      while (sent - before < me.operations()) {
        for (int k = 0; k < TURN; k++) {
          link.send(sent++);
        }
        for (int received = 0; received < TURN; ) {
          received += link.receive(check);
        }
      }
      return sent - before;
    }
  }

  /** The first sends a message and waits for the answer; only it counts. */
  private static final class RoundTrip extends LapWork {
    private final LapMember me;
    private final MessageLink there;
    private final MessageLink back;
    private final MessageCheck check = new MessageCheck();
    private final long[] times;
    private long sent;

    RoundTrip(LapMember member, MessageLink there, MessageLink back) {
      this.me = member;
      this.there = there;
      this.back = back;
      this.times = new long[member.operations()];
    }

    @Override
    long lap() throws Exception {
      return me.number() == 0 ? ask() : answer();
    }

    private long ask() throws Exception {
      for (int i = 0; i < times.length; i++) {
        long start = System.nanoTime();
        there.send(sent++);
        back.receive(check);
        times[i] = System.nanoTime() - start;
      }
      return times.length;
    }

    private long answer() throws Exception {
      for (int i = 0; i < times.length; i++) {
        there.receive(check);
        back.send(sent++);
      }
      return 0;
    }

    @Override
    void finish() {
      Arrays.sort(times);
    }

    @Override
    long[] findings() {
      return new long[] {times[times.length / 2], times[(int) (times.length * 99L / 100)]};
    }
  }

  /** The source of bytes, and the place for them. */
  private static final class Bulk {
    private static final int PAGE = 4096;

    final long length;
    final long source;
    final long target;
    private final Heap heap;

    Bulk(LapMember member) {
      heap = member.heap();
      length = (long) member.operations() * BLOCK;
      source = member.bulk();
      target = source + length;
    }

    void fillSource() {
      for (long i = 0; i < length; i += Long.BYTES) {
        heap.putLong(source + i, i);
      }
    }

    /** So that nothing in it is right before it has come. */
    void spoilTarget() {
      for (long i = 0; i < length; i += PAGE) {
        heap.putLong(target + i, -1);
      }
    }

    void verify() {
      if (heap.mismatch(source, heap, target, length).isPresent()) {
        throw new IllegalStateException("what has come is not what was sent");
      }
    }
  }

  /** The first sends as many MiB as there are operations, the second receives; bytes count. */
  private static final class Transfer extends LapWork {
    private final LapMember me;
    private final MessageLink link;
    private final Bulk bulk;

    Transfer(LapMember member, MessageLink link) {
      this.me = member;
      this.link = link;
      this.bulk = new Bulk(member);
    }

    @Override
    void prepare(int lap) {
      if (me.number() == 1) {
        bulk.spoilTarget();
      } else if (lap == 0) {
        bulk.fillSource();
      }
    }

    @Override
    long lap() throws Exception {
      if (me.number() == 0) {
        link.sendRange(bulk.source, bulk.length);
        return 0;
      }
      link.receiveRange(bulk.target, bulk.length);
      return bulk.length;
    }

    @Override
    void finish() {
      if (me.number() == 1) {
        bulk.verify();
      }
    }
  }

  /** As many MiB as there are operations are copied in blocks; bytes count. */
  private static final class Copy extends LapWork {
    private final LapMember me;
    private final Bulk bulk;

    Copy(LapMember member) {
      this.me = member;
      this.bulk = new Bulk(member);
    }

    @Override
    void prepare(int lap) {
      bulk.spoilTarget();
      if (lap == 0) {
        bulk.fillSource();
      }
    }

    @Override
    long lap() {
      for (long i = 0; i < bulk.length; i += BLOCK) {
        me.heap().copy(bulk.source + i, bulk.target + i, BLOCK);
      }
      return bulk.length;
    }

    @Override
    void finish() {
      bulk.verify();
    }
  }
}
