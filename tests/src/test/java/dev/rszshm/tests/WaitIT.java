package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting for a word that another process changes. */
class WaitIT {
  /** Longer than a test waits for an answer, so a wait that is not woken fails the test. */
  private static final int SECONDS = 600;

  @TempDir(factory = InMemory.class)
  Path directory;

  private final WorkerProcess waiter = HeapAgent.start("waiter");
  private final WorkerProcess other = HeapAgent.start("other");
  private Heap heap;
  private long word;

  @BeforeEach
  void attach() {
    heap = Heap.builder().span(1L << 30).create(directory.resolve("heap"));
    word = heap.dataOffset();
    waiter.ask("attach " + heap.path());
    other.ask("attach " + heap.path());
  }

  @AfterEach
  void end() {
    heap.close();
    waiter.close();
    other.close();
  }

  /**
   * Waits until a thread of a process sleeps on the word: until the kernel says that it is in a
   * system call with the address of the word.
   */
  private void awaitSleeper(WorkerProcess process) throws IOException {
    String address = " 0x" + Long.toHexString(heap.toAddress(word)) + " ";
    while (!isInCallWith(address, process)) {
      assertTrue(process.isRunning());
      Thread.onSpinWait();
    }
  }

  private static boolean isInCallWith(String argument, WorkerProcess process) throws IOException {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("syscall")).contains(argument)) {
          return true;
        }
      }
    } catch (IOException e) {
      if (!isOfAThreadThatHasEnded(e)) {
        throw e;
      }
    }
    return false;
  }

  /** A thread may end before its file is opened, and between that and reading it. */
  private static boolean isOfAThreadThatHasEnded(IOException e) {
    return e instanceof NoSuchFileException || "No such process".equals(e.getMessage());
  }

  @Test
  void aWaiterIsWokenByAnotherJvm() throws IOException {
    waiter.say("wait " + word + " 0 " + SECONDS);
    awaitSleeper(waiter);
    other.ask("set " + word + " 1");
    other.ask("wake " + word + " 1");
    waiter.expect("true");
  }

  @Test
  void aWaitForAWordThatHasChangedAlreadyEndsAtOnce() {
    other.ask("set " + word + " 1");
    assertEquals("true", waiter.ask("wait " + word + " 0 " + SECONDS));
    assertEquals("false", waiter.ask("wait " + word + " 1 0"));
  }

  @Test
  void aWaiterNoticesTheChangeOfAProcessThatDiedBeforeItCouldWakeAnybody() throws IOException {
    waiter.say("wait " + word + " 0 " + SECONDS);
    awaitSleeper(waiter);
    other.ask("set " + word + " 1");
    other.kill();
    waiter.expect("true");
  }

  @Test
  void aKilledWaiterTakesNoWakeFromOthers() throws IOException {
    waiter.say("wait " + word + " 0 " + SECONDS);
    awaitSleeper(waiter);
    waiter.kill();
    assertEquals(0, heap.wake(word, 1));
    other.say("wait " + word + " 0 " + SECONDS);
    awaitSleeper(other);
    heap.putIntVolatile(word, 1);
    heap.wake(word, 1);
    other.expect("true");
  }

  @Test
  void aStoppedWaiterLearnsOfTheChangeWhenItGoesOn() throws IOException {
    waiter.say("wait " + word + " 0 " + SECONDS);
    awaitSleeper(waiter);
    waiter.stop();
    other.ask("set " + word + " 1");
    other.ask("wake " + word + " 1");
    waiter.resume();
    waiter.expect("true");
  }
}
