package dev.rszshm.structures.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class WorkerLauncherIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  public static final class Echo implements WorkerBody {
    @Override
    public void run(WorkerContext context) {
      context.ready();
      context.arguments().forEach(System.out::println);
      System.err.println("done");
    }
  }

  @Test
  void workerIsToldItsArgumentsAndItsLinesArrive() throws Exception {
    List<WorkerLine> lines = new CopyOnWriteArrayList<>();
    WorkerSpec spec =
        WorkerSpec.of(Echo.class)
            .withName("echo")
            .withArguments("one", "two words")
            .withOutput(WorkerOutput.toConsumer(lines::add));
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      assertTrue(worker.awaitReady(LIMIT));
      WorkerExit exit = worker.awaitExit(LIMIT).orElseThrow();
      assertTrue(exit.isSuccess(), exit::toString);
      assertEquals(List.of("done"), exit.lastErrors());
      assertEquals(
          List.of("one", "two words"),
          lines.stream()
              .filter(line -> line.source() == WorkerLine.Source.OUTPUT)
              .map(WorkerLine::text)
              .toList());
    }
  }

  @Test
  void missingClassIsAnErrorWithTheWorkersWords() throws Exception {
    WorkerSpec spec = WorkerSpec.ofBody("no.such.Body").withOutput(WorkerOutput.discarded());
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      WorkerStartException e =
          assertThrows(WorkerStartException.class, () -> worker.awaitReady(LIMIT));
      assertTrue(e.getMessage().contains("ClassNotFoundException: no.such.Body"), e::getMessage);
      assertTrue(e.getMessage().contains("exit status 1"), e::getMessage);
    }
  }
}
