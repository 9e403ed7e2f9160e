package dev.rszshm.structures.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests among JVMs, some of which are killed in the middle of asking and answering. */
class RequestIT {
  private static final RequestSpec SPEC = RequestSpec.of(8, 8).depth(8).calls(4);

  @TempDir(factory = InMemory.class)
  Path directory;

  private static RequestChannel channel(Heap heap) {
    return RequestChannel.at(heap, heap.dataOffset() + 127 & -128L, SPEC);
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static long number(byte[] bytes) throws InterruptedException {
    return ByteBuffer.wrap(bytes).getLong();
  }

  /** Answers each number with its square, until the channel is closed. */
  public static final class Server implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws InterruptedException {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        RequestChannel channel = channel(heap);
        worker.say("ready");
        while (true) {
          try (Request request = channel.receiveUninterruptibly()) {
            long number = number(request.bytes());
            request.reply(bytes(number * number));
          }
        }
      } catch (ChannelShutdownException e) {
        // the end
      }
    }
  }

  /** Asks for squares, until it is dismissed. */
  public static final class Client implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        RequestChannel channel = channel(heap);
        worker.say("ready");
        for (long number = 1; !worker.isDismissed(); number++) {
          try {
            assertEquals(number * number, number(channel.call(bytes(number))));
          } catch (PeerDiedException e) {
            // another server answers the next
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
  void everyAnswerIsTheRightOneWhoeverIsKilled() {
    try (Heap heap = Heap.builder().span(1 << 20).length(1 << 16).create(directory.resolve("h"));
        WorkerProcess server = start(Server.class, heap.path());
        WorkerProcess client = start(Client.class, heap.path())) {
      for (int round = 0; round < Storm.count(2, 50); round++) {
        try (WorkerProcess otherServer = start(Server.class, heap.path());
            WorkerProcess otherClient = start(Client.class, heap.path())) {
          otherServer.kill();
          otherClient.kill();
        }
      }
      client.sayNoMore();
      client.awaitSuccess();
      channel(heap).shutdown();
      server.awaitSuccess();
    }
  }
}
