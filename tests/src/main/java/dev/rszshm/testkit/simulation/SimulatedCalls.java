package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.os.Errno;
import dev.rszshm.heap.os.FileStatus;
import dev.rszshm.heap.os.ProcessIdentity;
import dev.rszshm.heap.os.SystemCalls;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The operating system of a simulated process. A call that others can notice, or that notices
 * others, is one step; a call about the process's own addresses and descriptors is none.
 *
 * <p>Files live until nobody can name or open them, space never ends, everybody is the same user.
 * Directories are there when they are named: making a file in one that was removed succeeds here.
 */
final class SimulatedCalls implements SystemCalls {
  private static final long DEVICE = 1L << 40;
  private static final long FIRST_PID = 1000;
  private static final int CROSS_DEVICE = 18;
  private static final Instant BOOT = Instant.parse("2000-01-01T00:00:00Z");

  private final SimulatedProcess process;
  private final SimulatedMachine machine;

  SimulatedCalls(SimulatedProcess process) {
    this.process = process;
    this.machine = process.machine();
  }

  private <T> T step(String what, SimulatedFile file, boolean changes, Supplier<T> action) {
    process.beforeStep();
    if (machine.weakMemory() != null && file != null) {
      machine.weakMemory().systemCall(process, file);
    }
    if (machine.log() != null) {
      machine.log().systemCall();
    }
    T result;
    try {
      result = action.get();
    } catch (SystemCallException e) {
      process.note(e.errno());
      trace(what, e.getMessage());
      process.afterStep(false);
      throw e;
    }
    process.note(result == null ? 0 : result.hashCode());
    trace(what, result);
    if (changes && !Boolean.FALSE.equals(result)) {
      process.afterStep(true);
    } else {
      process.afterLook(what.hashCode(), result.hashCode());
    }
    return result;
  }

  private void trace(String what, Object result) {
    if (machine.tracer() != null) {
      Object shown = result instanceof FileStatus status ? status.length() + " bytes" : result;
      machine.tracer().step(process, what + (shown == null ? "" : " = " + shown));
    }
  }

  private OpenFile opened(int descriptor) {
    OpenFile open = process.descriptor(descriptor);
    if (open == null) {
      throw failure("use of descriptor " + descriptor, Errno.EBADF);
    }
    return open;
  }

  private static void require(boolean good, String call, int errno) {
    if (!good) {
      throw failure(call, errno);
    }
  }

  private static SystemCallException failure(String call, int errno) {
    return new SystemCallException(call, errno, Errno.describe(errno));
  }

  @Override
  public int open(String path, boolean writable, boolean followLinks) {
    return step(
        "open(" + path + ")",
        machine.names().get(path),
        false,
        () -> {
          SimulatedFile file = machine.names().get(path);
          if (file == null) {
            throw failure("open(" + path + ")", Errno.ENOENT);
          }
          require(!(writable && isDirectory(file)), "open(" + path + ")", Errno.EISDIR);
          return process.addDescriptor(new OpenFile(file, process, writable));
        });
  }

  @Override
  public int createUnnamed(String directory, int mode) {
    return create(SimulatedFile.Kind.REGULAR);
  }

  private int create(SimulatedFile.Kind kind) {
    return process.addDescriptor(new OpenFile(machine.createFile(kind), process, true));
  }

  private static boolean isDirectory(SimulatedFile file) {
    return file.kind == SimulatedFile.Kind.DIRECTORY;
  }

  @Override
  public int createExclusive(String path, int mode) {
    return step(
        "create(" + path + ")",
        null,
        true,
        () -> {
          int descriptor = createUnnamed(path, mode);
          name(descriptor, path);
          return descriptor;
        });
  }

  @Override
  public void link(int descriptor, String path) {
    require(process.descriptor(descriptor) != null, "link(" + path + ")", Errno.ENOENT);
    SimulatedFile file = opened(descriptor).file;
    step(
        "link(" + path + ")",
        file,
        true,
        () -> {
          name(descriptor, path);
          return null;
        });
  }

  private void name(int descriptor, String path) {
    SimulatedFile file = opened(descriptor).file;
    require(!machine.names().containsKey(path), "link(" + path + ")", Errno.EEXIST);
    require(file.kind == SimulatedFile.Kind.REGULAR, "link(" + path + ")", CROSS_DEVICE);
    boolean hasName = machine.names().containsValue(file);
    require(hasName || !file.wasNamed(), "link(" + path + ")", Errno.ENOENT);
    file.name();
    machine.names().put(path, file);
  }

  @Override
  public int createInMemory(String name) {
    int descriptor = create(SimulatedFile.Kind.IN_MEMORY);
    machine.names().put("/proc/" + identity().pid() + "/fd/" + descriptor, opened(descriptor).file);
    return descriptor;
  }

  @Override
  public void forbidShrinking(int descriptor) {
    SimulatedFile file = opened(descriptor).file;
    step(
        "forbidShrinking",
        file,
        true,
        () -> {
          require(file.kind == SimulatedFile.Kind.IN_MEMORY, "forbidShrinking", Errno.EPERM);
          file.forbidShrinking();
          return null;
        });
  }

  @Override
  public void unlink(String path) {
    step(
        "unlink(" + path + ")",
        null,
        true,
        () -> {
          SimulatedFile file = machine.names().get(path);
          require(file != null, "unlink(" + path + ")", Errno.ENOENT);
          require(!isDirectory(file), "unlink(" + path + ")", Errno.EISDIR);
          machine.names().remove(path);
          return null;
        });
  }

  @Override
  public String makeDirectory(String template) {
    String path = template.substring(0, template.length() - 6) + (random() >>> 1) % 1_000_000;
    machine.names().put(path, machine.createFile(SimulatedFile.Kind.DIRECTORY));
    return path;
  }

  @Override
  public void removeDirectory(String path) {
    step(
        "removeDirectory(" + path + ")",
        null,
        true,
        () -> {
          SimulatedFile file = machine.names().get(path);
          require(file != null, "rmdir(" + path + ")", Errno.ENOENT);
          require(isDirectory(file), "rmdir(" + path + ")", Errno.ENOTDIR);
          boolean empty =
              machine.names().keySet().stream().noneMatch(n -> n.startsWith(path + "/"));
          require(empty, "rmdir(" + path + ")", Errno.ENOTEMPTY);
          machine.names().remove(path);
          return null;
        });
  }

  @Override
  public void close(int descriptor) {
    SimulatedFile file = opened(descriptor).file;
    step(
        "close",
        file,
        true,
        () -> {
          process.removeDescriptor(descriptor);
          process.unused().forEach(OpenFile::dropLocks);
          return null;
        });
  }

  /** Ends the use of open files that were closed before and are not mapped any more. */
  private void dropUnused() {
    for (OpenFile open : process.unused()) {
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
  public FileStatus status(int descriptor) {
    SimulatedFile file = opened(descriptor).file;
    return step(
        "status",
        file,
        false,
        () ->
            new FileStatus(
                new FileStatus.Key(DEVICE, file.inode),
                file.length(),
                effectiveUser(),
                !isDirectory(file)));
  }

  @Override
  public void setMode(int descriptor, int mode) {
    opened(descriptor);
  }

  @Override
  public void allocate(int descriptor, long offset, long length) {
    OpenFile open = opened(descriptor);
    SimulatedFile file = open.file;
    step(
        "allocate(to " + (offset + length) + ")",
        file,
        true,
        () -> {
          require(offset >= 0 && length > 0, "allocate(" + length + ")", Errno.EINVAL);
          require(open.writable, "allocate", Errno.EBADF);
          if (offset + length > file.length()) {
            file.setLength(offset + length);
          }
          return null;
        });
  }

  @Override
  public void discard(int descriptor, long offset, long length) {
    OpenFile open = opened(descriptor);
    SimulatedFile file = open.file;
    step(
        "discard(" + length + " bytes at " + offset + ")",
        file,
        true,
        () -> {
          require(offset >= 0 && length > 0, "discard(" + length + ")", Errno.EINVAL);
          require(open.writable, "discard", Errno.EBADF);
          for (long at = offset; at < Math.min(offset + length, file.length()); at++) {
            file.writeByte(at, (byte) 0);
          }
          noteRewriting(file);
          return null;
        });
  }

  @Override
  public void truncate(int descriptor, long length) {
    require(length >= 0, "truncate(" + length + ")", Errno.EINVAL);
    OpenFile open = opened(descriptor);
    SimulatedFile file = open.file;
    step(
        "truncate(" + length + ")",
        file,
        true,
        () -> {
          require(open.writable, "truncate(" + length + ")", Errno.EINVAL);
          boolean shrinks = length < file.length();
          require(file.mayShrink() || !shrinks, "truncate(" + length + ")", Errno.EPERM);
          file.setLength(length);
          noteRewriting(file);
          return null;
        });
  }

  @Override
  public int read(int descriptor, byte[] into, long offset) {
    require(offset >= 0, "read at " + offset, Errno.EINVAL);
    SimulatedFile file = opened(descriptor).file;
    return step(
        "read(" + into.length + " bytes at " + offset + ")",
        file,
        false,
        () -> {
          require(!isDirectory(file), "read", Errno.EISDIR);
          int length = (int) Math.max(0, Math.min(into.length, file.length() - offset));
          for (int i = 0; i < length; i++) {
            into[i] = (byte) file.readByte(offset + i);
            process.note(into[i]);
          }
          return length;
        });
  }

  @Override
  public int write(int descriptor, byte[] from, long offset) {
    require(offset >= 0, "write at " + offset, Errno.EINVAL);
    OpenFile open = opened(descriptor);
    SimulatedFile file = open.file;
    return step(
        "write(" + from.length + " bytes at " + offset + ")",
        file,
        true,
        () -> {
          require(open.writable, "write", Errno.EBADF);
          if (offset + from.length > file.length()) {
            file.setLength(offset + from.length);
          }
          for (int i = 0; i < from.length; i++) {
            file.writeByte(offset + i, from[i]);
          }
          noteRewriting(file);
          return from.length;
        });
  }

  private void noteRewriting(SimulatedFile file) {
    if (machine.weakMemory() != null) {
      machine.weakMemory().rewritten(process, file);
    }
  }

  @Override
  public long reserve(long address, long length) {
    process.space().reserve(address, length);
    return address;
  }

  @Override
  public void overlay(int descriptor, long address, long offset, long length, boolean writable) {
    require(offset % SimulatedFile.PAGE_LENGTH == 0, "mmap at " + offset, Errno.EINVAL);
    OpenFile open = opened(descriptor);
    require(open.writable || !writable, "mmap", Errno.EACCES);
    process.space().map(address, length, open, offset, writable);
    dropUnused();
  }

  @Override
  public void blank(long address, long length) {
    process.space().map(address, length, null, 0, true);
    dropUnused();
  }

  @Override
  public void unmap(long address, long length) {
    process.space().unmap(address, length);
    dropUnused();
  }

  @Override
  public void sync(long address, long length, boolean wait) {}

  @Override
  public void advise(long address, long length, Advice advice) {}

  @Override
  public void lockInMemory(long address, long length) {}

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
        "tryLockByte(" + offset + ")",
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
        "unlockByte(" + offset + ")",
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
        "isByteLocked(" + offset + ")",
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
    requireWord(address);
    AddressSpace.Mapping word = process.space().locate(address, Integer.BYTES, false);
    long offset = word.offset(address);
    Sleep sleep = new Sleep(word.file(), offset, machine.now() + Math.max(0, nanos));
    process.beforeStep();
    int value = (int) (word.file().word(offset >>> 3) >>> ((offset & 4) << 3));
    Wait result = value == expected ? machine.director().sleep(process, sleep) : Wait.CHANGED;
    process.note(result.ordinal());
    trace("waitOnWord(" + machine.place(word.file(), offset) + ", " + expected + ")", result);
    process.afterStep(false);
    return result;
  }

  @Override
  public int wakeWord(long address, int count) {
    requireWord(address);
    AddressSpace.Mapping word = process.space().locate(address, Integer.BYTES, false);
    long offset = word.offset(address);
    return step(
        "wakeWord(" + machine.place(word.file(), offset) + ")",
        null,
        true,
        () -> {
          int woken = 0;
          for (SimulatedProcess other : machine.processes()) {
            if (woken < count
                && other.status() == SimulatedProcess.Status.SLEEPING
                && other.sleep().isOn(word.file(), offset)) {
              other.wake(true);
              woken++;
            }
          }
          return woken;
        });
  }

  private static void requireWord(long address) {
    boolean aligned = (address & (Integer.BYTES - 1)) == 0;
    require(aligned, String.format("use of 0x%x as a word to wait for", address), Errno.EINVAL);
  }

  @Override
  public ByteBuffer buffer(long address, int length) {
    throw new UnsupportedOperationException(
        "simulated memory has no buffers: what a buffer does could not be scheduled");
  }

  @Override
  public long nanoTime() {
    return process.readClock();
  }

  @Override
  public Instant now() {
    return BOOT.plusNanos(nanoTime());
  }

  @Override
  public void pause(long nanos) {
    process.beforeStep();
    machine.director().sleep(process, new Sleep(null, 0, machine.now() + Math.max(1, nanos)));
    process.afterStep(false);
  }

  @Override
  public long random() {
    long number = machine.random();
    process.note(number);
    return number;
  }

  @Override
  public ProcessIdentity identity() {
    return new ProcessIdentity(FIRST_PID + process.number(), 1, new UUID(0, 1), 1);
  }

  @Override
  public int pageSize() {
    return SimulatedFile.PAGE_LENGTH;
  }

  @Override
  public int effectiveUser() {
    return 0;
  }

  @Override
  public void signalNobody() {}
}
