package dev.rszshm.tests.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.ChannelView;
import dev.rszshm.structures.channel.Claim;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.EndTakenException;
import dev.rszshm.testkit.process.KillStorm;
import dev.rszshm.testkit.process.StormReport;
import dev.rszshm.testkit.process.StormScene;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.tests.InMemory;
import dev.rszshm.tests.Storm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers of which one at a time has each end of channels with one sender and one receiver are
 * killed wherever they are. Others take the ends over. Messages are received into the heap, into
 * the hand of their receiver, so that those of the dead can be told: each message that was sent is
 * received once, or was in the hands of the dead.
 */
class SingleEndsStormIT {
  private static final String KILLS = "dev.rszshm.storm.kills";
  private static final int WORKERS = 3;
  private static final int MOST_MESSAGES = 1 << 20;
  private static final int LONGEST = 512;
  private static final int TURN = 20;
  private static final long ROOM = 16 << 10;
  private static final Duration MOMENT = Duration.ofMillis(5);
  private static final long PAUSE_NANOS = 100_000;
  private static final List<ChannelSpec> SPECS =
      List.of(
          oneToOne(ChannelSpec.of(5, Width.variable(64))),
          oneToOne(ChannelSpec.stream(1024)),
          oneToOne(ChannelSpec.of(0, Width.fixed(8))));

  @TempDir(factory = InMemory.class)
  Path directory;

  private static ChannelSpec oneToOne(ChannelSpec spec) {
    return spec.singleSender().singleReceiver();
  }

  /** What is where in the heap. */
  private record Places(Heap heap) {
    private long start() {
      return heap.dataOffset() + 127 & -128;
    }

    Channel channel(int kind) {
      return Channel.at(heap, start() + kind * ROOM, SPECS.get(kind));
    }

    /** The number of the next message. */
    long nextMessage() {
      return start() + SPECS.size() * ROOM;
    }

    /** The number of the next receiver. */
    long nextHand() {
      return nextMessage() + 64;
    }

    /** How often a thread has become the sender. */
    long senders() {
      return nextHand() + 64;
    }

    /** 1 if the send of a message has returned. */
    long sent(long number) {
      return senders() + 64 + 4 * number;
    }

    /** How often a message was received. */
    long received(long number) {
      return sent(MOST_MESSAGES) + 4 * number;
    }

    /** Where a receiver has the message that it receives; its number there is 0 if it has none. */
    long hand(long number) {
      return received(MOST_MESSAGES) + number * LONGEST;
    }
  }

  /** Arguments: path. A thread that sends and one that receives for each channel. */
  public static final class Traffic implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap =
          Heap.builder().platform(worker.platform()).attach(Path.of(worker.argument(0)))) {
        Places places = new Places(heap);
        worker.play(
            List.of(
                c -> send(c, places, 0),
                c -> receive(c, places, 0),
                c -> send(c, places, 1),
                c -> receive(c, places, 1),
                c -> send(c, places, 2),
                c -> receive(c, places, 2)));
      }
    }

    private static void send(WorkerContext worker, Places places, int kind) throws Exception {
      Channel channel = places.channel(kind).waitingForPeers();
      try {
        for (int turn = 0; !worker.isDismissed(); turn = send(worker, channel, places, turn)) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        channel.shutdown();
      } catch (ChannelShutdownException e) {
        assertTrue(worker.isDismissed(), "another was dismissed before");
      }
    }

    /** Sends a message; returns how many this thread has sent since it has the end. */
    private static int send(WorkerContext worker, Channel channel, Places places, int before)
        throws InterruptedException {
      Heap heap = channel.heap();
      long number = 1 + heap.getAndAddLong(places.nextMessage(), 1);
      assertTrue(number < MOST_MESSAGES, "there is room in the ledger");
      byte[] message = message(number, length(channel.spec(), number));
      int turn = before;
      while (!worker.isDismissed()) {
        try {
          if (number % 3 == 0 && channel.spec().equals(SPECS.get(0))
              ? claim(channel, message)
              : channel.send(message, MOMENT)) {
            heap.putIntVolatile(places.sent(number), 1);
            turn++;
            break;
          }
        } catch (EndTakenException e) {
          turn = 0;
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
      if (turn == 1) {
        heap.getAndAddLong(places.senders(), 1);
      } else if (turn > TURN) {
        channel.leave();
        return 0;
      }
      return turn;
    }

    private static boolean claim(Channel channel, byte[] message) throws InterruptedException {
      try (Claim claim = channel.claim(message.length, MOMENT).orElse(null)) {
        if (claim == null) {
          return false;
        }
        channel.heap().putBytes(claim.offset(), message);
        claim.commit();
        return true;
      }
    }

    private static void receive(WorkerContext worker, Places places, int kind) throws Exception {
      Channel channel = places.channel(kind).waitingForPeers();
      Heap heap = channel.heap();
      long hand = places.hand(heap.getAndAddLong(places.nextHand(), 1));
      heap.ensure(hand + LONGEST);
      for (int turn = 1; ; turn++) {
        try {
          int length = (int) channel.receiveInto(hand, LONGEST);
          accept(places, hand, length);
          if (turn % TURN == 0) {
            channel.leave();
            worker.isDismissed(); // others come to their turn
            LockSupport.parkNanos(PAUSE_NANOS);
          }
        } catch (EndTakenException e) {
          if (worker.isDismissed()) {
            return;
          }
          LockSupport.parkNanos(PAUSE_NANOS);
        } catch (ChannelShutdownException e) {
          return;
        }
      }
    }

    private static int length(ChannelSpec spec, long number) {
      return switch (spec.width().kind()) {
        case VARIABLE -> (int) (8 + number % 57);
        case STREAM -> (int) (8 + number % 500);
        default -> 8;
      };
    }
  }

  private static byte[] message(long number, int length) {
    byte[] message = new byte[length];
    for (int i = 0; i < length; i++) {
      message[i] = (byte) (number >>> (8 * (i % 8)));
    }
    return message;
  }

  /** Checks a message, and puts it from the hand into the ledger. */
  private static void accept(Places places, long hand, int length) {
    Heap heap = places.heap();
    long number = heap.getLong(hand);
    assertTrue(number > 0 && number < MOST_MESSAGES, () -> "found number " + number);
    for (int i = 8; i < length; i++) {
      assertEquals(heap.getByte(hand + i % 8), heap.getByte(hand + i), "a message is whole");
    }
    int before = heap.getAndAddInt(places.received(number), 1);
    assertEquals(0, before, () -> number + " was received twice");
    heap.putLongVolatile(hand, 0);
  }

  @Test
  void eachMessageIsReceivedOnceOrWasInTheHandsOfTheDead() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 2000));
    try (Heap heap = Heap.builder().length(16 << 20).create(directory.resolve("heap"))) {
      Places places = new Places(heap);
      for (int kind = 0; kind < SPECS.size(); kind++) {
        places.channel(kind);
      }
      StormReport report =
          KillStorm.of(WorkerJvm.of(Traffic.class), worker -> List.of(heap.path()))
              .workers(WORKERS)
              .kills(kills)
              .dying(3000, Duration.ofMillis(20), 0.7)
              .stopping(0.1)
              .deadline(Duration.ofSeconds(120 + kills))
              .check(scene -> check(scene, places))
              .run();
      System.out.println(report);
    }
  }

  private static void check(StormScene scene, Places places) throws InterruptedException {
    Heap heap = places.heap();
    if (scene.victim().isPresent()) {
      return;
    }
    long hands = heap.getLongVolatile(places.nextHand());
    long own = places.hand(hands);
    heap.ensure(own + LONGEST);
    for (int kind = 0; kind < SPECS.size(); kind++) {
      Channel channel = places.channel(kind);
      channel.shutdown();
      drain(places, channel, own);
      assertEquals(0, channel.size(), () -> "left in " + channel);
      assertEquals(List.of(), ChannelView.at(heap, channel.offset()).check());
    }
    Set<Long> inHands = new HashSet<>();
    for (long hand = 0; hand < hands; hand++) {
      inHands.add(heap.getLong(places.hand(hand)));
    }
    long all = heap.getLongVolatile(places.nextMessage());
    long received = 0;
    for (long number = 1; number <= all; number++) {
      int times = heap.getInt(places.received(number));
      received += times;
      long lost = number;
      if (times == 0 && heap.getInt(places.sent(number)) != 0) {
        assertTrue(inHands.contains(lost), () -> lost + " was sent, and nobody has received it");
      }
    }
    long senders = heap.getLong(places.senders());
    System.out.println(
        received + " of " + all + " messages were received, of " + senders + " senders");
    assertTrue(received > 10L * scene.kills(), "only so many arrived");
    assertTrue(senders > scene.kills(), "the ends pass from one to another");
  }

  private static void drain(Places places, Channel channel, long hand) throws InterruptedException {
    try {
      while (true) {
        accept(places, hand, (int) channel.receiveInto(hand, LONGEST));
      }
    } catch (ChannelShutdownException e) {
      // It is empty, for good.
    }
  }
}
