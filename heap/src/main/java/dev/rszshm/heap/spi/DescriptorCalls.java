package dev.rszshm.heap.spi;

import dev.rszshm.heap.internal.os.LinuxDescriptorCalls;
import java.util.OptionalInt;

/**
 * The system calls that pass descriptors on. {@link #host()} returns those of this machine; a test
 * can put others in their place.
 *
 * <p>Every method throws {@link dev.rszshm.heap.errors.SystemCallException} with the error number
 * of the call when it fails, unless it says otherwise. All methods may be called from any thread.
 * None waits, but {@link #await}.
 */
public interface DescriptorCalls {

  /**
   * Returns the calls of this machine.
   *
   * @throws dev.rszshm.heap.errors.UnsupportedPlatformException if this is not a 64-bit
   *     little-endian Linux, or the native library cannot be loaded
   */
  static DescriptorCalls host() {
    return LinuxDescriptorCalls.instance();
  }

  /** Makes another descriptor of the same open file, which started programs do not inherit. */
  int duplicate(int descriptor);

  /** Returns the seals of a file, as bits; empty if files of its kind cannot have any. */
  OptionalInt seals(int descriptor);

  /** Returns the linger time of a socket in seconds, or empty for what is no socket. */
  OptionalInt linger(int descriptor);

  /** Returns the process at the other end of a socket, as it was when it connected or listened. */
  Peer peer(int socket);

  /**
   * Sends some of an array, and descriptors with its first byte.
   *
   * @param from index of the first byte
   * @param descriptors none, or up to {@link IncomingMessage#MAX_DESCRIPTORS}
   * @return how many bytes were sent, or -1 if there is no room now
   */
  int send(int socket, byte[] bytes, int from, int... descriptors);

  /**
   * Receives bytes and descriptors.
   *
   * @param into gets them; descriptors are in there whatever is thrown
   * @return how many bytes came, 0 at the end, or -1 if there are none now
   */
  int receive(int socket, IncomingMessage into);

  /**
   * Waits until a socket can be read or written, or has failed; returns early for nothing at all.
   *
   * @param millis how long at most
   */
  void await(int socket, boolean toWrite, int millis);

  /**
   * The process at the other end of a socket.
   *
   * @param pid its number, or 0 if it is not visible here
   * @param user its effective user
   * @param group its effective group
   */
  record Peer(int pid, int user, int group) {}
}
