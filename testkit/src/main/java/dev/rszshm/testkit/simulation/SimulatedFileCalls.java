package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a simulated process that deal with files. A call that others can notice, or that
 * notices others, is one step; a call about the process's own descriptors is none.
 *
 * <p>Files live until nobody can name or open them, space never ends, everybody is the same user.
 * Directories are there when they are named: making a file in one that was removed succeeds here.
 */
abstract class SimulatedFileCalls implements SystemCalls {
  private static final long DEVICE = 1L << 40;
  private static final int CROSS_DEVICE = 18;

  private final SimulatedProcess owner;
  final SimulatedMachine machine;

  SimulatedFileCalls(SimulatedProcess process) {
    this.owner = process;
    this.machine = process.machine();
  }

  /** The thread that makes a call: the process itself, if it has no other. */
  final SimulatedProcess process() {
    return owner.actor();
  }

  /**
   * Takes a step.
   *
   * @param file what the call is about; null if it is about none, or about one that others cannot
   *     know yet
   */
  final <T extends @Nullable Object> T step(
      String what, @Nullable SimulatedFile file, boolean changes, Supplier<T> action) {
    process().beforeLook(what.hashCode());
    if (machine.weakMemory() != null && file != null) {
      machine.weakMemory().systemCall(process(), file);
    }
    if (machine.log() != null) {
      machine.log().systemCall();
    }
    T result;
    try {
      result = action.get();
    } catch (SystemCallException e) {
      process().note(e.errno());
      trace(what, e.getMessage());
      process().afterStep(false);
      throw e;
    }
    int found = Objects.hashCode(result);
    process().note(found);
    trace(what, result);
    if (changes && !Boolean.FALSE.equals(result)) {
      process().afterStep(true);
    } else {
      process().afterLook(what.hashCode(), found);
    }
    return result;
  }

  final void trace(String what, @Nullable Object result) {
    if (machine.tracer() != null) {
      Object shown = result instanceof FileStatus status ? status.length() + " bytes" : result;
      machine.tracer().step(process(), what + (shown == null ? "" : " = " + shown));
    }
  }

  final OpenFile opened(int descriptor) {
    OpenFile open = process().descriptor(descriptor);
    if (open == null) {
      throw failure("use of descriptor " + descriptor, Errno.EBADF);
    }
    return open;
  }

  static void require(boolean good, String call, int errno) {
    if (!good) {
      throw failure(call, errno);
    }
  }

  static SystemCallException failure(String call, int errno) {
    return new SystemCallException(call, errno, Errno.describe(errno));
  }

  /** The file of a name. */
  private SimulatedFile named(String path, String call) {
    SimulatedFile file = machine.names().get(path);
    if (file == null) {
      throw failure(call, Errno.ENOENT);
    }
    return file;
  }

  @Override
  public int open(String path, boolean writable, boolean followLinks) {
    return step(
        "open(" + path + ")",
        machine.names().get(path),
        false,
        () -> {
          SimulatedFile file = named(path, "open(" + path + ")");
          require(!(writable && isDirectory(file)), "open(" + path + ")", Errno.EISDIR);
          return process().addDescriptor(new OpenFile(file, process(), writable));
        });
  }

  @Override
  public int createUnnamed(String directory, int mode) {
    return create(SimulatedFile.Kind.REGULAR);
  }

  private int create(SimulatedFile.Kind kind) {
    return process().addDescriptor(new OpenFile(machine.createFile(kind), process(), true));
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
    require(process().descriptor(descriptor) != null, "link(" + path + ")", Errno.ENOENT);
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
          SimulatedFile file = named(path, "unlink(" + path + ")");
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
          SimulatedFile file = named(path, "rmdir(" + path + ")");
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
          process().removeDescriptor(descriptor, opened(descriptor));
          process().unused().forEach(OpenFile::dropLocks);
          return null;
        });
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
        "allocate(to 0x" + Long.toHexString(offset + length) + ")",
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
        "discard(" + length + " bytes at 0x" + Long.toHexString(offset) + ")",
        file,
        true,
        () -> {
          require(offset >= 0 && length > 0, "discard(" + length + ")", Errno.EINVAL);
          require(open.writable, "discard", Errno.EBADF);
          file.clear(offset, Math.min(offset + length, file.length()));
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
        "read(" + into.length + " bytes at 0x" + Long.toHexString(offset) + ")",
        file,
        false,
        () -> {
          require(!isDirectory(file), "read", Errno.EISDIR);
          int length = (int) Math.max(0, Math.min(into.length, file.length() - offset));
          file.read(offset, into, length, process()::note);
          return length;
        });
  }

  @Override
  public int write(int descriptor, byte[] from, long offset) {
    require(offset >= 0, "write at " + offset, Errno.EINVAL);
    OpenFile open = opened(descriptor);
    SimulatedFile file = open.file;
    return step(
        "write(" + from.length + " bytes at 0x" + Long.toHexString(offset) + ")",
        file,
        true,
        () -> {
          require(open.writable, "write", Errno.EBADF);
          if (offset + from.length > file.length()) {
            file.setLength(offset + from.length);
          }
          file.write(offset, from);
          noteRewriting(file);
          return from.length;
        });
  }

  private void noteRewriting(SimulatedFile file) {
    if (machine.weakMemory() != null) {
      machine.weakMemory().rewritten(process(), file);
    }
  }
}
