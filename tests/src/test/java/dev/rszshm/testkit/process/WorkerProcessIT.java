package dev.rszshm.testkit.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The harness itself. */
class WorkerProcessIT {
  private static final WorkerJvm PARROT = WorkerJvm.of(Parrot.class);

  /** Says what it hears; some words do something else. */
  public static final class Parrot implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      for (Optional<String> l = worker.hear(); l.isPresent(); l = worker.hear()) {
        switch (l.get()) {
          case "fail" -> throw new IllegalStateException("told to fail");
          case "print" -> System.out.println("printed");
          case "die" -> worker.die("here");
          case "exit" -> System.exit(7);
          case "child" -> worker.say(PARROT.start().pid());
          default -> worker.say(l.get());
        }
      }
    }
  }

  @Test
  void aWorkerIsHeardAndEndsWhenThereIsNoMore() {
    try (WorkerProcess parrot = PARROT.start()) {
      assertEquals("hello", parrot.ask("hello"));
      parrot.say("print");
      assertEquals("still the protocol", parrot.ask("still the protocol"));
      parrot.sayNoMore();
      parrot.awaitSuccess();
      assertTrue(parrot.errors().contains("printed"));
    }
  }

  @Test
  void aFailureShowsWhatTheWorkerPrinted() {
    try (WorkerProcess parrot = PARROT.start()) {
      parrot.say("fail");
      WorkerError error = assertThrows(WorkerError.class, parrot::next);
      assertTrue(error.getMessage().contains("said nothing before it ended"), error.getMessage());
      assertTrue(error.getMessage().contains("told to fail"), error.getMessage());
      assertEquals(new WorkerExit(1), parrot.await());
      assertThrows(WorkerError.class, parrot::awaitSuccess);
    }
  }

  @Test
  void anotherLineThanTheExpectedOneIsAnError() {
    try (WorkerProcess parrot = PARROT.start()) {
      parrot.say("tea");
      WorkerError error = assertThrows(WorkerError.class, () -> parrot.expect("coffee"));
      assertTrue(error.getMessage().contains("said \"tea\", expected \"coffee\""));
    }
  }

  @Test
  void noWaitIsForEver() {
    try (WorkerProcess parrot = PARROT.limit(Duration.ofMillis(1)).start()) {
      assertThrows(WorkerError.class, parrot::next);
      assertThrows(WorkerError.class, parrot::await);
      assertTrue(parrot.isRunning());
      parrot.kill();
    }
  }

  @Test
  void killingEndsAWorkerWhereverItIs() {
    try (WorkerProcess parrot = PARROT.start()) {
      parrot.ask("hello");
      assertTrue(parrot.kill().isKilled());
      assertFalse(parrot.isRunning());
      assertEquals("exit status 137, signal 9", parrot.await().toString());
    }
  }

  @Test
  void aWorkerDiesWhereItAsksTo() {
    try (WorkerProcess parrot = PARROT.start()) {
      parrot.say("die");
      assertEquals("here", parrot.killWhereItDies());
    }
  }

  @Test
  void aStoppedWorkerIsSilentUntilItGoesOn() {
    try (WorkerProcess parrot = PARROT.start()) {
      parrot.ask("hello");
      parrot.stop();
      parrot.say("later");
      assertEquals(Optional.empty(), parrot.poll(Duration.ofMillis(20)));
      assertTrue(parrot.isRunning());
      parrot.resume();
      parrot.expect("later");
    }
  }

  @Test
  void aStoppedWorkerCanBeClosed() {
    WorkerProcess parrot = PARROT.start();
    parrot.ask("hello");
    parrot.stop();
    parrot.close();
    assertFalse(parrot.isRunning());
  }

  @Test
  void aWorkerTellsItsExitStatus() {
    try (WorkerProcess parrot = PARROT.start()) {
      parrot.say("exit");
      assertEquals(new WorkerExit(7), parrot.await());
    }
  }

  @Test
  void aWorkerEndsWithItsParent() throws Exception {
    try (WorkerProcess parent = PARROT.start()) {
      long child = Long.parseLong(parent.ask("child"));
      ProcessHandle orphan = ProcessHandle.of(child).orElseThrow();
      assertTrue(orphan.isAlive());
      parent.kill();
      orphan.onExit().get(180, TimeUnit.SECONDS);
      assertFalse(orphan.isAlive());
    }
  }

  @Test
  void everyInstalledJdkRunsWorkers() {
    for (Jdk jdk : Jdk.installed()) {
      try (WorkerProcess parrot = PARROT.on(jdk).start()) {
        assertEquals("hello", parrot.ask("hello"), jdk.toString());
      }
      assertTrue(jdk.starts(List.of()), jdk.toString());
      assertFalse(jdk.starts(List.of("-XX:+NoSuchFlag")), jdk.toString());
    }
  }
}
