package dev.rszshm.heap.internal.os;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Advice;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.errors.UnsupportedPlatformException;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system calls of this machine, and which machines will do. */
class HostTest {
  private final SystemCalls host = SystemCalls.host();

  @TempDir Path directory;

  /**
   * jnr-ffi passes garbage for the sixth of six integers; so the address of mmap is a pointer to
   * it.
   */
  @Test
  void overlayShowsTheFileFromAnOffsetOn() {
    int page = host.pageSize();
    int descriptor = host.createInMemory("overlay");
    try {
      byte[] content = new byte[3 * page];
      for (int i = 0; i < content.length; i++) {
        content[i] = (byte) (i / page + 1);
      }
      assertEquals(content.length, host.write(descriptor, content, 0));
      long address = 0x2a10_0000_0000L;
      assertEquals(address, host.reserve(address, 2L * page));
      try {
        host.overlay(descriptor, address, page, page, false);
        host.overlay(descriptor, address + page, 2L * page, page, false);
        assertEquals(2, host.buffer(address, page).get(0));
        assertEquals(3, host.buffer(address + page, page).get(page - 1));
      } finally {
        host.unmap(address, 2L * page);
      }
    } finally {
      host.close(descriptor);
    }
  }

  @Test
  void failureCarriesCallAndErrorNumber() {
    SystemCallException thrown =
        assertThrows(SystemCallException.class, () -> host.open("/nowhere/at/all", false, false));
    assertEquals(
        "open(/nowhere/at/all) failed: ENOENT (no such file or directory)", thrown.getMessage());
    assertEquals(Errno.ENOENT, thrown.errno());
    assertEquals("errno 12345", Errno.describe(12345));
    thrown = assertThrows(SystemCallException.class, () -> host.unmap(1, 4096));
    assertEquals(Errno.EINVAL, thrown.errno());
    assertThrows(SystemCallException.class, () -> host.overlay(-1, 4096, 0, 4096, false));
  }

  @Test
  void reservationNeverReplacesAnything() {
    long address = 0x2b10_0000_0000L;
    host.reserve(address, 1 << 16);
    try {
      SystemCallException thrown =
          assertThrows(SystemCallException.class, () -> host.reserve(address + 4096, 4096));
      assertEquals(Errno.EEXIST, thrown.errno());
    } finally {
      host.unmap(address, 1 << 16);
    }
  }

  @Test
  void filesAreReadAndWrittenAtOffsetsBeyondFourGibibytes() throws Exception {
    Path path = directory.resolve("file");
    int descriptor = host.createExclusive(path.toString(), 0600);
    try {
      long far = (5L << 30) + 3;
      host.truncate(descriptor, far + 8);
      assertEquals(5, host.write(descriptor, new byte[] {1, 2, 3, 4, 5}, far));
      byte[] read = new byte[9];
      assertEquals(8, host.read(descriptor, read, far));
      assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 0, 0, 0}, Arrays.copyOf(read, 8));
      FileStatus status = host.status(descriptor);
      assertEquals(far + 8, status.length());
      assertEquals(far + 8, Files.size(path));
      assertEquals(host.effectiveUser(), status.owner());
      assertTrue(status.regular());
      assertThrows(SystemCallException.class, () -> host.createExclusive(path.toString(), 0600));
    } finally {
      host.close(descriptor);
    }
    assertThrows(SystemCallException.class, () -> host.close(descriptor));
  }

  /** Nor does the lock of one byte, if it was not taken as {@code tryLockByte} takes it. */
  @Test
  void fileLocksOfJavaAreNoLocksOfAByte() throws Exception {
    Path path = Files.createFile(directory.resolve("file"));
    int descriptor = host.open(path.toString(), true, false);
    try (FileChannel channel = FileChannel.open(path, READ, WRITE)) {
      String me = "process " + ProcessHandle.current().pid();
      try (FileLock lock = channel.lock(0, Long.MAX_VALUE, true)) {
        assertFalse(host.isByteLocked(descriptor, 5), lock::toString);
        assertFalse(host.tryLockByte(descriptor, 5));
        assertEquals(
            Optional.of(me + " holds a read lock on bytes 0 to the end"),
            host.strangersLock(descriptor, 5));
      }
      for (int length = 1; length <= 2; length++) {
        try (FileLock lock = channel.lock(5, length, false)) {
          assertFalse(host.isByteLocked(descriptor, 5), lock::toString);
          assertEquals(
              Optional.of(me + " holds a write lock on bytes 5 to " + (4 + length)),
              host.strangersLock(descriptor, 5));
        }
      }
      assertEquals(Optional.empty(), host.strangersLock(descriptor, 5));
    } finally {
      host.close(descriptor);
    }
  }

  @Test
  void locksBelongToTheOpenFileDescription() throws Exception {
    Path path = Files.createFile(directory.resolve("file"));
    int one = host.open(path.toString(), true, false);
    int two = host.open(path.toString(), true, false);
    try {
      long far = 1L << 40;
      assertTrue(host.tryLockByte(one, far));
      assertTrue(host.tryLockByte(one, far), "its own");
      assertFalse(host.tryLockByte(two, far));
      assertTrue(host.isByteLocked(two, far));
      assertFalse(host.isByteLocked(one, far));
      assertFalse(host.isByteLocked(two, far + 1));
      assertTrue(host.tryLockByte(two, far + 1));
      assertEquals(Optional.empty(), host.strangersLock(two, far));
      host.unlockByte(one, far);
      assertFalse(host.isByteLocked(two, far));
      assertTrue(host.tryLockFile(one));
      assertFalse(host.tryLockFile(two));
      host.unlockFile(one);
      assertTrue(host.tryLockFile(two));
    } finally {
      host.close(one);
      host.close(two);
    }
  }

  @Test
  void waitForAWordEndsInEveryWay() {
    int descriptor = host.createInMemory("word");
    long address = 0x2c10_0000_0000L;
    host.truncate(descriptor, 4096);
    host.reserve(address, 4096);
    try {
      host.overlay(descriptor, address, 0, 4096, true);
      assertEquals(SystemCalls.Wait.CHANGED, host.waitOnWord(address, 1, 1_000_000));
      assertEquals(SystemCalls.Wait.TIMED_OUT, host.waitOnWord(address, 0, 1_000_000));
      assertEquals(0, host.wakeWord(address, 1));
      assertThrows(SystemCallException.class, () -> host.waitOnWord(address + 1, 0, 1));
      assertDoesNotThrow(() -> host.sync(address, 4096, true));
      for (Advice advice : Advice.values()) {
        if (advice != Advice.HUGE_PAGES) {
          assertDoesNotThrow(() -> host.advise(address, 4096, advice));
        }
      }
    } finally {
      host.unmap(address, 4096);
      host.close(descriptor);
    }
  }

  @Test
  void onlySixtyFourBitLittleEndianLinuxWillDo() {
    for (String good : new String[] {"amd64", "x86_64", "aarch64", "riscv64"}) {
      HostPlatform.check("Linux", good, ByteOrder.LITTLE_ENDIAN);
    }
    assertEquals(
        "this system is Mac OS X; rszshm needs Linux, because it uses futexes,"
            + " open-file-description locks and MAP_FIXED_NOREPLACE",
        refused("Mac OS X", "aarch64", ByteOrder.LITTLE_ENDIAN));
    assertEquals(
        "this JVM runs on s390x (BIG_ENDIAN); rszshm needs a 64-bit little-endian JVM on x86-64,"
            + " arm64 or riscv64",
        refused("Linux", "s390x", ByteOrder.BIG_ENDIAN));
    refused("Windows 11", "amd64", ByteOrder.LITTLE_ENDIAN);
    refused("Linux", "i386", ByteOrder.LITTLE_ENDIAN);
    refused("Linux", "ppc64le", ByteOrder.LITTLE_ENDIAN);
    refused("Linux", "aarch64", ByteOrder.BIG_ENDIAN);
    refused("", "", ByteOrder.LITTLE_ENDIAN);
  }

  private static String refused(String system, String architecture, ByteOrder order) {
    UnsupportedPlatformException thrown =
        assertThrows(
            UnsupportedPlatformException.class,
            () -> HostPlatform.check(system, architecture, order));
    assertEquals("unsupported-platform", thrown.kind());
    return thrown.getMessage();
  }
}
