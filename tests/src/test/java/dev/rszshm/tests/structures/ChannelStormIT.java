package dev.rszshm.tests.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Claim;
import dev.rszshm.structures.channel.Message;
import dev.rszshm.structures.channel.Selector;
import dev.rszshm.structures.channel.errors.PeerDiedException;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers send and receive in all ways at once, and are killed wherever they are. Each message has
 * a number of its own in every word; workers say which they have sent and which received.
 */
class ChannelStormIT {
  private static final String KILLS = "dev.rszshm.storm.kills";
  private static final int WORKERS = 4;
  private static final Duration MOMENT = Duration.ofMillis(20);
  private static final long PAUSE_NANOS = 20_000_000;
  private static final List<ChannelSpec> SPECS =
      List.of(
          ChannelSpec.of(5, Width.variable(64)),
          ChannelSpec.of(0, Width.fixed(8)),
          ChannelSpec.stream(2048));

  private final Set<Long> sent = new HashSet<>();
  private final Set<Long> received = new HashSet<>();

  @TempDir(factory = InMemory.class)
  Path directory;

  private static Channel channel(Heap heap, int number) {
    return Channel.at(
        heap, ((heap.dataOffset() + 127) & -128) + number * (64L << 10), SPECS.get(number));
  }

  /** A word behind the channels that nobody changes. */
  private static long quiet(Heap heap) {
    return ((heap.dataOffset() + 127) & -128) + SPECS.size() * (64L << 10);
  }

  /**
   * Arguments: path. A thread that sends and one that receives for each channel, one that selects
   * among all, and one that attaches and closes.
   */
  public static final class Traffic implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap =
          Heap.builder().platform(worker.platform()).attach(Path.of(worker.argument(0)))) {
        Channel slots = channel(heap, 0);
        Channel unbuffered = channel(heap, 1);
        Channel stream = channel(heap, 2);
        worker.play(
            List.of(
                c -> send(c, slots, 0),
                c -> receive(c, slots),
                c -> send(c, unbuffered, 1),
                c -> receive(c, unbuffered),
                c -> send(c, stream, 2),
                c -> receive(c, stream),
                c -> select(c, slots, unbuffered, stream),
                c -> attachAndClose(c, c.argument(0))));
      }
    }

    /** A number that no other worker had: process ids come again in a long storm. */
    private static long sender(Heap heap) {
      Participant self = heap.self().orElseThrow();
      return (long) self.slot() << 24 | self.generation();
    }

    private static void send(WorkerContext worker, Channel channel, long kind) throws Exception {
      long first = (sender(channel.heap()) << 32) + (kind << 28);
      for (long i = 0; !worker.isDismissed(); i++) {
        byte[] message = message(first + i, length(kind, (int) i));
        boolean done = false;
        while (!done && !worker.isDismissed()) {
          try {
            done =
                (kind == 0 && i % 3 == 0) ? claim(channel, message) : channel.send(message, MOMENT);
          } catch (PeerDiedException e) {
            assertTrue(e.getMessage().contains("died"));
          }
        }
        if (done) {
          worker.say("s" + (first + i));
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    /** Receives from whatever channel a selector says is ready. */
    private static void select(WorkerContext worker, Channel... channels) throws Exception {
      Selector<Channel> selector = Selector.of(channels);
      while (!worker.isDismissed()) {
        try {
          Optional<byte[]> message = selector.await(MOMENT).flatMap(Channel::tryReceive);
          if (message.isPresent()) {
            worker.say("r" + number(message.get()));
          }
        } catch (PeerDiedException e) {
          assertTrue(e.getMessage().contains("died"));
        }
      }
    }

    /** Another participant of this process, which closes beside one that waits, and comes again. */
    private static void attachAndClose(WorkerContext worker, String path) throws Exception {
      while (!worker.isDismissed()) {
        Heap heap = Heap.builder().platform(worker.platform()).anyAddress().attach(Path.of(path));
        Thread waiting = new Thread(() -> waitUntilClosed(heap), "waits until closed");
        waiting.start();
        LockSupport.parkNanos(PAUSE_NANOS);
        heap.close();
        waiting.join();
        LockSupport.parkNanos(10 * PAUSE_NANOS);
      }
    }

    /** Waits for what does not come. */
    private static void waitUntilClosed(Heap heap) {
      try {
        while (heap.isOpen()) {
          heap.waitWhile(quiet(heap), 0, MOMENT);
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      } catch (IllegalStateException e) {
        assertFalse(heap.isOpen(), e::toString);
      }
    }

    private static int length(long kind, int i) {
      return kind == 0 ? 8 + i % 8 * 8 : kind == 1 ? 8 : i % 2 == 0 ? 8 + i % 100 : 1000 + i % 4000;
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

    private static void receive(WorkerContext worker, Channel channel) throws Exception {
      for (int i = 0; !worker.isDismissed(); i++) {
        try {
          byte[] message = null;
          if (i % 3 == 0 && !channel.spec().isStream()) {
            try (Message taken = channel.tryTake().orElse(null)) {
              message = taken == null ? null : taken.toBytes();
            }
          } else if (i % 3 == 1 && !channel.spec().isStream()) {
            channel.tryReceiveEach(
                4,
                (offset, length) ->
                    worker.say("r" + number(channel.heap().getBytes(offset, length))));
          } else {
            message = channel.receive(MOMENT).orElse(null);
          }
          if (message != null) {
            worker.say("r" + number(message));
          }
        } catch (PeerDiedException e) {
          assertTrue(e.getMessage().contains("died"));
        }
      }
    }
  }

  private static byte[] message(long number, int length) {
    byte[] message = new byte[length];
    for (int i = 0; i < length; i++) {
      message[i] = (byte) (number >>> (8 * (i % 8)));
    }
    return message;
  }

  private static long number(byte[] message) {
    long number = 0;
    for (int i = 0; i < message.length; i++) {
      if (i < 8) {
        number |= (message[i] & 0xffL) << (8 * i);
      } else {
        assertEquals(message[i % 8], message[i], "a message is whole");
      }
    }
    return number;
  }

  private synchronized void hear(String line) {
    long number = Long.parseLong(line.substring(1));
    if (line.charAt(0) == 's') {
      sent.add(number);
    } else {
      assertTrue(received.add(number), () -> number + " was received twice");
    }
  }

  @Test
  void eachMessageIsReceivedOnceOrWasInTheHandsOfTheDead() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 2000));
    try (Heap heap = Heap.builder().length(1 << 20).create(directory.resolve("heap"))) {
      for (int i = 0; i < SPECS.size(); i++) {
        channel(heap, i);
      }
      StormReport report =
          KillStorm.of(WorkerJvm.of(Traffic.class), worker -> List.of(heap.path()))
              .workers(WORKERS)
              .kills(kills)
              .dying(2000, Duration.ofMillis(20), 0.7)
              .stopping(0.1)
              .deadline(Duration.ofSeconds(300 + kills))
              .onLine((worker, line) -> hear(line))
              .check(scene -> check(scene, heap))
              .run();
      System.out.println(report);
      System.out.println(received.size() + " messages were received");
    }
  }

  private synchronized void check(StormScene scene, Heap heap) {
    if (scene.victim().isPresent()) {
      return;
    }
    for (int i = 0; i < SPECS.size(); i++) {
      Channel channel = channel(heap, i);
      for (byte[] left = channel.tryReceive().orElse(null);
          left != null;
          left = channel.tryReceive().orElse(null)) {
        hear("r" + number(left));
      }
      assertEquals(0, channel.size(), () -> "left in " + channel);
    }
    Set<Long> lost = new HashSet<>(sent);
    lost.removeAll(received);
    // In each of its receiving threads, the selecting one too, the dead may have had a message in
    // its hands, in two of them four.
    assertTrue(
        lost.size() <= 10 * scene.kills(), () -> lost + " are lost, " + scene.kills() + " died");
    assertTrue(received.size() > scene.kills(), () -> "only " + received.size() + " arrived");
  }
}
