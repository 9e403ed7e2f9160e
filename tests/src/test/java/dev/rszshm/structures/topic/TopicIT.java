package dev.rszshm.structures.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.tests.InMemory;
import dev.rszshm.tests.Storm;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic among JVMs, some of which are killed in the middle of publishing and receiving. */
class TopicIT {
  private static final TopicSpec SPEC = TopicSpec.stream(4096);

  @TempDir(factory = InMemory.class)
  Path directory;

  private static Topic topic(Heap heap) throws InterruptedException {
    return Topic.at(heap, heap.dataOffset() + 127 & -128L, SPEC);
  }

  /** Publishes numbers from the one named on, until it is dismissed or the topic is closed. */
  public static final class Publisher implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws InterruptedException {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        long number = Long.parseLong(worker.argument(1));
        worker.say("ready");
        while (!worker.isDismissed()) {
          int length = (int) (Long.BYTES + number % 200);
          topic(heap).publishUninterruptibly(ByteBuffer.allocate(length).putLong(number++).array());
        }
      } catch (ChannelShutdownException e) {
        // the end
      }
    }
  }

  /** Says how many it has received when the topic is closed, and a sum in which order counts. */
  public static final class Subscriber implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws InterruptedException {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)));
          Subscription subscription = topic(heap).subscribe()) {
        worker.say("ready");
        long received = 0;
        long sum = 0;
        while (true) {
          try {
            byte[] message = subscription.receiveUninterruptibly();
            long number = ByteBuffer.wrap(message).getLong();
            assertEquals(Long.BYTES + number % 200, message.length);
            sum = sum * 31 + number;
            received++;
          } catch (PeerDiedException e) {
            // others come
          } catch (ChannelShutdownException e) {
            worker.say(received + " " + sum);
            return;
          }
        }
      }
    }
  }

  private static WorkerProcess start(Class<? extends WorkerJob> job, Object... arguments) {
    WorkerProcess process = WorkerJvm.of(job).start(arguments);
    process.expect("ready");
    return process;
  }

  @Test
  void allSubscribersReceiveTheSameWhoeverIsKilled() throws InterruptedException {
    try (Heap heap = Heap.builder().span(1 << 20).length(1 << 16).create(directory.resolve("h"))) {
      topic(heap);
      List<WorkerProcess> subscribers = new ArrayList<>();
      List<WorkerProcess> publishers = new ArrayList<>();
      try {
        for (int i = 0; i < 2; i++) {
          subscribers.add(start(Subscriber.class, heap.path()));
        }
        publishers.add(start(Publisher.class, heap.path(), 0));
        for (int round = 1; round <= Storm.count(2, 50); round++) {
          try (WorkerProcess publisher =
                  start(Publisher.class, heap.path(), round * 1_000_000_000L);
              WorkerProcess subscriber = start(Subscriber.class, heap.path())) {
            publisher.kill();
            subscriber.kill();
          }
        }
        publishers.get(0).sayNoMore();
        publishers.get(0).awaitSuccess();
        topic(heap).shutdown();
        String one = subscribers.get(0).next();
        assertTrue(Long.parseLong(one.split(" ")[0]) > 0, one);
        assertEquals(one, subscribers.get(1).next());
      } finally {
        publishers.forEach(WorkerProcess::close);
        subscribers.forEach(WorkerProcess::close);
      }
    }
  }
}
