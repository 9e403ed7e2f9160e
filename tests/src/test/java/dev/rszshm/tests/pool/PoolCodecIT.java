package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.errors.CodecMismatchException;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.Task;
import dev.rszshm.structures.pool.TaskContext;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.pool.errors.TaskException;
import dev.rszshm.structures.worker.WorkerOutput;
import dev.rszshm.tests.InMemory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients and workers whose programs differ, or whose heap is full, are told. */
@Timeout(300)
class PoolCodecIT {
  private static final String ARGUMENT = "dev.rszshm.tests.pool.argument";
  private static final String RESULT = "dev.rszshm.tests.pool.result";

  @TempDir(factory = InMemory.class)
  Path directory;

  /** Numbers of 4 bytes, whose format is what a property says: "id.version". */
  private record Numbers(String property) implements Codec<Integer> {
    private int part(int index) {
      return Integer.parseInt(System.getProperty(property, "7.2").split("\\.", -1)[index]);
    }

    @Override
    public int id() {
      return 5000 + part(0);
    }

    @Override
    public int version() {
      return part(1);
    }

    @Override
    public int length(Integer object) {
      return Integer.BYTES;
    }

    @Override
    public void encode(Integer object, ByteBuffer to) {
      to.putInt(object);
    }

    @Override
    public Integer decode(ByteBuffer from) {
      return from.getInt();
    }
  }

  /** Adds one. */
  public static final class Successor implements Task<Integer, Integer> {
    @Override
    public Codec<Integer> argumentCodec() {
      return new Numbers(ARGUMENT);
    }

    @Override
    public Codec<Integer> resultCodec() {
      return new Numbers(RESULT);
    }

    @Override
    public Integer run(Integer number, TaskContext context) {
      return number + 1;
    }
  }

  /** Workers whose program has other codecs than this one. */
  private static PoolSpec workers(String argument, String result, WorkerOutput output) {
    return PoolSpec.ofWorkers(1)
        .withWorker(
            worker ->
                worker
                    .withSystemProperty(ARGUMENT, argument)
                    .withSystemProperty(RESULT, result)
                    .withOutput(output));
  }

  private interface Body {
    void accept(WorkerPool pool) throws Exception;
  }

  private void inPool(PoolSpec spec, Body body) throws Exception {
    try (Heap heap = Heap.builder().span(64 << 20).create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      try (WorkerPool pool = WorkerPool.named(allocator, "pool", spec)) {
        body.accept(pool);
      }
      assertTrue(allocator.check().isSound(), () -> allocator.check().toString());
    }
  }

  private static Throwable failure(CompletableFuture<?> future) {
    return assertThrows(CompletionException.class, future::join).getCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.2", "7.1"})
  void argumentsOfAnotherCodecOrANewerVersionAreRefused(String argument) throws Exception {
    inPool(
        workers(argument, "7.2", WorkerOutput.discarded()),
        pool -> {
          TaskException one =
              assertInstanceOf(TaskException.class, failure(pool.submit(Successor.class, 1)));
          assertEquals(CodecMismatchException.class.getName(), one.type());
          assertTrue(one.getMessage().contains(Successor.class.getName()), one.getMessage());
          CompletableFuture<List<Integer>> batch =
              pool.calls(Successor.class).submitBatch(List.of(1, 2));
          TaskException many = assertInstanceOf(TaskException.class, failure(batch));
          assertEquals(CodecMismatchException.class.getName(), many.type());
        });
  }

  @Test
  void olderVersionsAreReadByBothSides() throws Exception {
    inPool(
        workers("7.3", "7.1", WorkerOutput.discarded()),
        pool -> {
          assertEquals(2, pool.submit(Successor.class, 1).join());
          assertEquals(
              List.of(2, 3), pool.calls(Successor.class).submitBatch(List.of(1, 2)).join());
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.2", "7.3"})
  void resultsOfAnotherCodecOrANewerVersionAreRefused(String result) throws Exception {
    inPool(
        workers("7.2", result, WorkerOutput.discarded()),
        pool -> {
          Throwable one = failure(pool.submit(Successor.class, 1));
          assertInstanceOf(CodecMismatchException.class, one);
          assertTrue(one.getMessage().contains("results of the task"), one.getMessage());
          assertTrue(one.getMessage().contains("client and worker"), one.getMessage());
          assertInstanceOf(
              CodecMismatchException.class,
              failure(pool.calls(Successor.class).submitBatch(List.of(1, 2))));
        });
  }

  @Test
  void workerLogsWhatFailsAndNobodyWaitsFor() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    WorkerOutput output =
        WorkerOutput.toConsumer(
            line -> {
              if (line.text().contains(CodecMismatchException.class.getName())) {
                told.countDown();
              }
            });
    inPool(
        workers("8.2", "7.2", output),
        pool -> {
          pool.calls(Successor.class).execute(1);
          assertTrue(told.await(180, TimeUnit.SECONDS));
        });
  }

  /** Returns so many zeros. */
  public static final class Zeros implements Task<Integer, byte[]> {
    @Override
    public Codec<Integer> argumentCodec() {
      return Codecs.ints();
    }

    @Override
    public Codec<byte[]> resultCodec() {
      return Codecs.byteArrays();
    }

    @Override
    public byte[] run(Integer length, TaskContext context) {
      return new byte[length];
    }
  }

  @Test
  void resultThatFindsNoRoomSaysHowMuchItNeeds() throws Exception {
    inPool(
        workers("7.2", "7.2", WorkerOutput.discarded()),
        pool -> {
          TaskException large =
              assertInstanceOf(TaskException.class, failure(pool.submit(Zeros.class, 100 << 20)));
          assertEquals(OutOfHeapMemoryException.class.getName(), large.type());
          assertTrue(large.text().contains("104857608"), large.text());
          assertTrue(large.stack().contains("OwnedBlocks"), large.stack());
          assertEquals(1 << 20, pool.submit(Zeros.class, 1 << 20).join().length);
        });
  }
}
