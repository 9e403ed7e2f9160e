package dev.rszshm.structures.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class WorkerOutputIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int MANY = 100_000;

  /** Writes bytes that are no text, a huge line, and one without an end; then kills itself. */
  public static final class Odd implements WorkerBody {
    @Override
    public void run(WorkerContext context) {
      context.ready();
      System.out.write(0xff);
      System.out.writeBytes("x\n".getBytes(StandardCharsets.US_ASCII));
      System.out.writeBytes(("y".repeat(3_000_000) + "\n").getBytes(StandardCharsets.US_ASCII));
      System.out.print("no end");
      System.out.flush();
      System.err.println("last words");
      Runtime.getRuntime().halt(9);
    }
  }

  /** Writes more than a pipe holds, on both streams. */
  public static final class Flood implements WorkerBody {
    @Override
    public void run(WorkerContext context) {
      context.ready();
      for (int i = 0; i < MANY; i++) {
        System.out.println("out " + i);
        System.err.println("err " + i);
      }
    }
  }

  private static WorkerSpec spec(Class<? extends WorkerBody> body) {
    return WorkerSpec.of(body).withMaximumHeap(32 << 20);
  }

  @Test
  void oddBytesAndHugeLinesArriveInPieces() throws Exception {
    List<WorkerLine> lines = new CopyOnWriteArrayList<>();
    WorkerSpec spec = spec(Odd.class).withOutput(WorkerOutput.toConsumer(lines::add));
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      WorkerExit exit = worker.awaitExit(LIMIT).orElseThrow();
      assertEquals(9, exit.status());
      assertEquals(List.of("last words"), exit.lastErrors());
      List<String> output =
          lines.stream()
              .filter(line -> line.source() == WorkerLine.Source.OUTPUT)
              .map(WorkerLine::text)
              .toList();
      assertEquals("\ufffdx", output.get(0));
      assertEquals("no end", output.get(output.size() - 1));
      List<String> huge = output.subList(1, output.size() - 1);
      assertEquals(3_000_000, huge.stream().mapToInt(String::length).sum());
      assertTrue(huge.stream().allMatch(line -> line.length() <= WorkerLine.MAX_LENGTH));
    }
  }

  @Test
  void floodThatNobodyTakesHoldsUpOnlyTheWorkerThatWritesIt() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    WorkerSpec blocked =
        spec(Flood.class).withOutput(WorkerOutput.toConsumer(line -> awaitQuietly(taken)));
    AtomicLong count = new AtomicLong();
    WorkerSpec other =
        spec(Flood.class).withOutput(WorkerOutput.toConsumer(line -> count.incrementAndGet()));
    try (WorkerProcess first = WorkerLauncher.start(blocked)) {
      assertTrue(first.awaitReady(LIMIT));
      try (WorkerProcess second = WorkerLauncher.start(other)) {
        WorkerExit exit = second.awaitExit(LIMIT).orElseThrow();
        assertTrue(exit.isSuccess(), exit::toString);
        assertEquals(2 * MANY, count.get());
        assertEquals("err " + (MANY - 1), exit.lastErrors().get(exit.lastErrors().size() - 1));
        assertTrue(exit.lastErrors().size() <= 50, () -> exit.lastErrors().size() + " lines");
      }
      assertTrue(first.isAlive(), "a flood that nobody takes does not wait");
      taken.countDown();
      assertTrue(first.awaitExit(LIMIT).orElseThrow().isSuccess());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void consumerThatThrowsDoesNotHoldTheWorkerUp() throws Exception {
    WorkerSpec spec =
        spec(Flood.class)
            .withOutput(
                WorkerOutput.toConsumer(
                    line -> {
                      throw new IllegalStateException("no more of that");
                    }));
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      WorkerExit exit = worker.awaitExit(LIMIT).orElseThrow();
      assertTrue(exit.isSuccess(), exit::toString);
      assertEquals("err " + (MANY - 1), exit.lastErrors().get(exit.lastErrors().size() - 1));
    }
  }

  @Test
  void fileGetsAllAndTheExitItsLastLines(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("log"), "before\n");
    WorkerSpec spec = spec(Flood.class).withOutput(WorkerOutput.toFile(file));
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      assertTrue(worker.awaitReady(LIMIT));
      WorkerExit exit = worker.awaitExit(LIMIT).orElseThrow();
      List<String> lines = Files.readAllLines(file);
      assertEquals(2 * MANY + 1, lines.size());
      assertEquals("before", lines.get(0));
      assertEquals("err " + (MANY - 1), exit.lastErrors().get(exit.lastErrors().size() - 1));
    }
  }
}
