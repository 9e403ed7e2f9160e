package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.DescriptorCalls;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.IncomingMessage;
import dev.rszshm.heap.spi.SystemCalls;
import java.lang.ref.Reference;
import java.util.OptionalInt;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * The calls of 64-bit Linux that pass descriptors on, through jnr-ffi.
 *
 * <p>The error number is read at once after a failed call, on the thread that made it. A call that
 * a signal has interrupted is made again.
 */
public final class LinuxDescriptorCalls implements DescriptorCalls {
  private static final int DUPLICATE = 1030;
  private static final int GET_SEALS = 1034;

  private static final int SOCKET_LEVEL = 1;
  private static final int LINGER = 13;
  private static final int LINGER_LENGTH = 8;
  private static final int LINGER_SECONDS = 4;
  private static final int PEER = 17;
  private static final int PEER_LENGTH = 12;

  private static final int DO_NOT_WAIT = 0x40;
  private static final int NO_SIGNAL = 0x4000;
  private static final int CLOSE_ON_EXEC = 0x40000000;

  private static final int POLL_LENGTH = 8;
  private static final int POLL_EVENTS = 4;
  private static final int POLL_IN = 1;
  private static final int POLL_OUT = 4;

  private static final int NOT_NOW = -1;
  private static final int INTERRUPTED = -2;

  private static @Nullable LinuxDescriptorCalls instance;

  private final SocketLibC c;
  private final Runtime runtime;

  private LinuxDescriptorCalls() {
    SystemCalls.host(); // says what is wrong with a platform that is not supported
    c =
        NativeLibrary.load(
            () -> LibraryLoader.create(SocketLibC.class).failImmediately().load("c"));
    runtime = Runtime.getRuntime(c);
  }

  /** Loads the native library at the first call; a failure is thrown by each call that meets it. */
  public static synchronized DescriptorCalls instance() {
    if (instance == null) {
      instance = made();
    }
    return instance;
  }

  /** What jnr-ffi initializes at its first use would be broken for good by an interrupt. */
  private static LinuxDescriptorCalls made() {
    try {
      return Uninterrupted.call(LinuxDescriptorCalls::new);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception impossible) {
      throw new IllegalStateException("a constructor threw a checked exception", impossible);
    }
  }

  @Override
  public int duplicate(int descriptor) {
    int duplicate = c.fcntl(descriptor, DUPLICATE, Pointer.wrap(runtime, 0));
    if (duplicate < 0) {
      throw failure("fcntl(" + descriptor + ", F_DUPFD_CLOEXEC)");
    }
    return duplicate;
  }

  @Override
  public OptionalInt seals(int descriptor) {
    int seals = c.fcntl(descriptor, GET_SEALS, Pointer.wrap(runtime, 0));
    if (seals >= 0) {
      return OptionalInt.of(seals);
    }
    SystemCallException failure = failure("fcntl(" + descriptor + ", F_GET_SEALS)");
    if (failure.errno() == Errno.EINVAL) {
      return OptionalInt.empty();
    }
    throw failure;
  }

  @Override
  public OptionalInt linger(int descriptor) {
    Pointer value = Memory.allocateDirect(runtime, LINGER_LENGTH, true);
    if (get(descriptor, LINGER, value, LINGER_LENGTH) == 0) {
      return OptionalInt.of(value.getInt(LINGER_SECONDS));
    }
    SystemCallException failure = failure("getsockopt(" + descriptor + ", SO_LINGER)");
    if (failure.errno() == Errno.ENOTSOCK
        || failure.errno() == Errno.EBADF
        || failure.errno() == Errno.EOPNOTSUPP) {
      return OptionalInt.empty();
    }
    throw failure;
  }

  @Override
  public Peer peer(int socket) {
    Pointer value = Memory.allocateDirect(runtime, PEER_LENGTH, true);
    if (get(socket, PEER, value, PEER_LENGTH) != 0) {
      throw failure("getsockopt(" + socket + ", SO_PEERCRED)");
    }
    return new Peer(value.getInt(0), value.getInt(4), value.getInt(8));
  }

  private int get(int socket, int option, Pointer value, int length) {
    Pointer size = Memory.allocateDirect(runtime, Integer.BYTES, true);
    size.putInt(0, length);
    try {
      return c.getsockopt(socket, SOCKET_LEVEL, option, value, size);
    } finally {
      Reference.reachabilityFence(size);
    }
  }

  @Override
  public int send(int socket, byte[] bytes, int from, int... descriptors) {
    int length = bytes.length - from;
    SocketMessage message = new SocketMessage(runtime, length, descriptors.length);
    message.putBytes(bytes, from, length);
    if (descriptors.length > 0) {
      message.putDescriptors(descriptors);
    }
    long sent;
    do {
      sent = sendOnce(socket, message);
    } while (sent == INTERRUPTED);
    return (int) sent;
  }

  private long sendOnce(int socket, SocketMessage message) {
    try {
      long sent = c.sendmsg(socket, message.header(), DO_NOT_WAIT | NO_SIGNAL);
      return sent >= 0 ? sent : noneOf("sendmsg(" + socket + ")");
    } finally {
      Reference.reachabilityFence(message);
    }
  }

  private long receiveOnce(int socket, SocketMessage message) {
    try {
      long came = c.recvmsg(socket, message.header(), DO_NOT_WAIT | CLOSE_ON_EXEC);
      return came >= 0 ? came : noneOf("recvmsg(" + socket + ")");
    } finally {
      Reference.reachabilityFence(message);
    }
  }

  /** What a call that failed has done, if it has not really failed. */
  private long noneOf(String call) {
    SystemCallException failure = failure(call);
    return switch (failure.errno()) {
      case Errno.EAGAIN -> NOT_NOW;
      case Errno.EINTR -> INTERRUPTED;
      default -> throw failure;
    };
  }

  @Override
  public int receive(int socket, IncomingMessage into) {
    SocketMessage message =
        new SocketMessage(runtime, into.missing(), IncomingMessage.MAX_DESCRIPTORS);
    long came;
    do {
      came = receiveOnce(socket, message);
    } while (came == INTERRUPTED);
    if (came >= 0) {
      message.moveInto(into, (int) came);
    }
    return (int) came;
  }

  @Override
  public void await(int socket, boolean toWrite, int millis) {
    Pointer wanted = Memory.allocateDirect(runtime, POLL_LENGTH, true);
    wanted.putInt(0, socket);
    wanted.putShort(POLL_EVENTS, (short) (toWrite ? POLL_OUT : POLL_IN));
    if (c.poll(wanted, 1, millis) < 0) {
      SystemCallException failure = failure("poll(" + socket + ")");
      if (failure.errno() != Errno.EINTR) {
        throw failure;
      }
    }
  }

  private SystemCallException failure(String call) {
    int errno = runtime.getLastError();
    return new SystemCallException(call, errno, Errno.describe(errno));
  }
}
