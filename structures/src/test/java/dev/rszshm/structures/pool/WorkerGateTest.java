package dev.rszshm.structures.pool;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks that run alone, and those that wait for them. */
@Timeout(60)
class WorkerGateTest {
  private final WorkerGate patient = new WorkerGate(TimeUnit.HOURS.toNanos(1));

  @Test
  void noTaskIsBegunBesideOneThatRunsAlone() throws Exception {
    assertTrue(patient.close());
    patient.awaitAlone(); // nothing runs
    assertFalse(patient.enter());
    assertFalse(patient.close(), "only one is alone");
    CompletableFuture<Boolean> next =
        CompletableFuture.supplyAsync(
            () -> {
              patient.awaitOpen();
              return patient.enter();
            });
    patient.open();
    assertTrue(next.get());
  }

  @Test
  void aTaskThatIsToBeAloneWaitsForThoseThatRun() throws Exception {
    assertTrue(patient.enter());
    assertTrue(patient.close());
    CompletableFuture<Boolean> alone =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                patient.awaitAlone();
                return true;
              } catch (InterruptedException e) {
                return false;
              }
            });
    assertFalse(alone.isDone());
    patient.leave();
    assertTrue(alone.get());
  }

  @Test
  void tasksThatDoNotEndKeepNoOtherForEver() throws Exception {
    WorkerGate hasty = new WorkerGate(1);
    assertTrue(hasty.enter());
    assertTrue(hasty.close());
    hasty.awaitAlone(); // though one runs
    hasty.awaitOpen(); // though one is alone
    assertTrue(hasty.enter());
  }
}
