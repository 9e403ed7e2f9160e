package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.Advice;
import dev.rszshm.heap.ProcessIdentity;
import dev.rszshm.heap.spi.Errno;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The operating system of a simulated process: besides files, its addresses, locks, waiting, time
 * and identity. A call about the process's own addresses is no step.
 */
final class SimulatedCalls extends SimulatedFileCalls {
  private static final long FIRST_PID = 1000;
  private static final Instant BOOT = Instant.parse("2000-01-01T00:00:00Z");

  SimulatedCalls(SimulatedProcess process) {
    super(process);
  }

  /** Ends the use of open files that were closed before and are not mapped any more. */
  private void dropUnused() {
    for (OpenFile open : process().unused()) {
      step(
          "close by unmapping",
          open.file,
          true,
          () -> {
            open.dropLocks();
            return null;
          });
    }
  }

  @Override
  public long reserve(long address, long length) {
    process().space().reserve(address, length);
    return address;
  }

  @Override
  public void overlay(int descriptor, long address, long offset, long length, boolean writable) {
    require(offset % SimulatedFile.PAGE_LENGTH == 0, "mmap at " + offset, Errno.EINVAL);
    OpenFile open = opened(descriptor);
    require(open.writable || !writable, "mmap", Errno.EACCES);
    process().space().map(address, length, open, offset, writable);
    dropUnused();
  }

  @Override
  public void overlayPrivately(int descriptor, long address, long offset, long length) {
    throw new UnsupportedOperationException(
        "a private mapping is seen by nobody else, so there is nothing to simulate");
  }

  /** A step, where a process has several threads: they may use the addresses before it. */
  @Override
  public void blank(long address, long length) {
    if (process().threads().size() > 1) {
      step("blank", null, true, () -> layZeros(address, length));
    } else {
      layZeros(address, length);
    }
    dropUnused();
  }

  private @Nullable Void layZeros(long address, long length) {
    process().space().mapZeros(address, length);
    return null;
  }

  /**
   * Where a process has several threads, empty pages stay: one of them may stand between the check
   * of an access and the access, and a JVM gives its addresses back when none does.
   */
  @Override
  public void unmap(long address, long length) {
    if (process().threads().size() > 1) {
      process().space().unmapFiles(address, length);
    } else {
      process().space().unmap(address, length);
    }
    dropUnused();
  }

  @Override
  public void sync(long address, long length, boolean wait) {}

  @Override
  public void syncFile(int descriptor) {}

  @Override
  public void advise(long address, long length, Advice advice) {}

  @Override
  public void collapse(long address, long length) {}

  @Override
  public void lockInMemory(long address, long length) {}

  @Override
  public void unlockFromMemory(long address, long length) {}

  @Override
  public void preferNode(long address, long length, int node) {}

  @Override
  public boolean tryLockFile(int descriptor) {
    OpenFile open = opened(descriptor);
    return step(
        "tryLockFile",
        open.file,
        true,
        () -> {
          if (open.file.fileLock != null && open.file.fileLock != open) {
            return false;
          }
          open.file.fileLock = open;
          return true;
        });
  }

  @Override
  public void unlockFile(int descriptor) {
    OpenFile open = opened(descriptor);
    step(
        "unlockFile",
        open.file,
        true,
        () -> {
          if (open.file.fileLock == open) {
            open.file.fileLock = null;
          }
          return null;
        });
  }

  @Override
  public boolean tryLockByte(int descriptor, long offset) {
    OpenFile open = opened(descriptor);
    return step(
        "tryLockByte(0x" + Long.toHexString(offset) + ")",
        open.file,
        true,
        () -> {
          require(offset >= 0, "lock of byte " + offset, Errno.EINVAL);
          require(open.writable, "lock of byte " + offset, Errno.EBADF);
          OpenFile holder = open.file.byteLocks.putIfAbsent(offset, open);
          return holder == null || holder == open;
        });
  }

  @Override
  public void unlockByte(int descriptor, long offset) {
    OpenFile open = opened(descriptor);
    step(
        "unlockByte(0x" + Long.toHexString(offset) + ")",
        open.file,
        true,
        () -> {
          require(offset >= 0, "unlock of byte " + offset, Errno.EINVAL);
          open.file.byteLocks.remove(offset, open);
          return null;
        });
  }

  @Override
  public boolean isByteLocked(int descriptor, long offset) {
    OpenFile open = opened(descriptor);
    return step(
        "isByteLocked(0x" + Long.toHexString(offset) + ")",
        open.file,
        false,
        () -> {
          require(offset >= 0, "lock of byte " + offset, Errno.EINVAL);
          OpenFile holder = open.file.byteLocks.get(offset);
          return holder != null && holder != open;
        });
  }

  @Override
  public Wait waitOnWord(long address, int expected, long nanos) {
    return waitOnWords(new long[] {address}, new int[] {expected}, nanos);
  }

  @Override
  public Wait waitOnWords(long[] addresses, int[] expected, long nanos) {
    List<Sleep.Word> words = new ArrayList<>();
    for (long address : addresses) {
      words.add(word(address));
    }
    Sleep sleep = new Sleep(words, machine.now() + Math.max(0, nanos));
    process().beforeStep();
    boolean unchanged = true;
    for (int i = 0; i < expected.length; i++) {
      long offset = words.get(i).offset();
      long around = words.get(i).file().word(offset >>> 3);
      unchanged &= (int) (around >>> ((offset & 4) << 3)) == expected[i];
    }
    if (unchanged) {
      trace("falls asleep on " + place(words.get(0)) + ", which holds what it expects", null);
    }
    Wait result = unchanged ? machine.director().sleep(process(), sleep) : Wait.CHANGED;
    process().note(result.name().hashCode());
    trace(
        "waitOnWord(" + place(words.get(0)) + ", 0x" + Integer.toHexString(expected[0]) + ")",
        result);
    process().afterStep(false);
    return result;
  }

  private String place(Sleep.Word word) {
    return machine.place(word.file(), word.offset());
  }

  private Sleep.Word word(long address) {
    requireWord(address);
    AddressSpace.Mapping mapping = process().space().locate(address, Integer.BYTES, false);
    SimulatedFile file = mapping.file();
    if (file == null) {
      throw new AccessFault(
          String.format(
              Locale.ROOT,
              "0x%x is no word to wait for: the process shares it with nobody any more",
              address));
    }
    return new Sleep.Word(file, mapping.offset(address));
  }

  @Override
  public int wakeWord(long address, int count) {
    Sleep.Word word = word(address);
    return step(
        "wakeWord(" + place(word) + ")",
        null,
        true,
        () -> {
          int woken = 0;
          List<SimulatedProcess> sleepers = sleepersOn(word);
          while (woken < count && !sleepers.isEmpty()) {
            SimulatedProcess next =
                sleepers.size() <= count - woken
                    ? sleepers.get(0)
                    : machine.director().chooseSleeper(process(), sleepers);
            next.wake(true);
            sleepers.remove(next);
            woken++;
          }
          return woken;
        });
  }

  /** Who sleeps on a word, in the order in which they fell asleep. */
  private List<SimulatedProcess> sleepersOn(Sleep.Word word) {
    List<SimulatedProcess> sleepers = new ArrayList<>();
    for (SimulatedProcess other : machine.processes()) {
      if (other.status() == SimulatedProcess.Status.SLEEPING && other.sleep().isOn(word)) {
        sleepers.add(other);
      }
    }
    sleepers.sort(Comparator.comparingLong(SimulatedProcess::asleepSince));
    return sleepers;
  }

  private static void requireWord(long address) {
    boolean aligned = (address & (Integer.BYTES - 1)) == 0;
    require(
        aligned,
        String.format(Locale.ROOT, "use of 0x%x as a word to wait for", address),
        Errno.EINVAL);
  }

  @Override
  public void fenceEverywhere() {
    step(
        "fenceEverywhere",
        null,
        true,
        () -> {
          WeakMemory weak = machine.weakMemory();
          if (weak != null) {
            weak.fenceEverywhere(process(), machine.processes());
          }
          return null;
        });
  }

  @Override
  public ByteBuffer buffer(long address, int length) {
    throw new UnsupportedOperationException(
        "simulated memory has no buffers: what a buffer does could not be scheduled");
  }

  @Override
  public long nanoTime() {
    return process().readClock();
  }

  @Override
  public Instant now() {
    return BOOT.plusNanos(nanoTime());
  }

  @Override
  public void pause(long nanos) {
    process().beforeStep();
    machine.director().sleep(process(), new Sleep(List.of(), machine.now() + Math.max(1, nanos)));
    process().afterStep(false);
  }

  @Override
  public long random() {
    long number = machine.random();
    process().note(number);
    return number;
  }

  @Override
  public ProcessIdentity identity() {
    return new ProcessIdentity(FIRST_PID + process().leader().number(), 1, new UUID(0, 1), 1);
  }

  @Override
  public int processors() {
    return machine.processors();
  }

  @Override
  public int pageSize() {
    return SimulatedFile.PAGE_LENGTH;
  }

  @Override
  public int effectiveUser() {
    return 0;
  }
}
