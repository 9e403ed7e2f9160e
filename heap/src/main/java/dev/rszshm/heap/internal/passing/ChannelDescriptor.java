package dev.rszshm.heap.internal.passing;

import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.errors.UnsupportedPlatformException;
import dev.rszshm.heap.spi.DescriptorCalls;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.File;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.OptionalInt;

/*
 * Finds the descriptor of a channel of the JDK, which does not tell it, and whose fields nobody may look
 * into. A socket option that the channel sets is seen through the descriptor, and through no other. The
 * option is the linger time, which means nothing to Unix domain sockets.
 *
 * Another library of sockets would do as well, but then all its users would need that library's channels; and
 * its socket calls would be the only other thing that it adds.
 *
 * Protocol
 * --------
 * One thread of this class at a time:
 *  1 note the linger time of the channel;
 *  2 set a random one; for each descriptor of this process that shows it: duplicate it;
 *  3 set another one: the duplicate must show that too, or it is another's that had the same by chance;
 *  4 set the old one again.
 * The duplicate stays this socket, whatever is closed meanwhile, by the channel's owner too.
 *
 * If a process dies here
 * ----------------------
 * Nothing of this is shared. If a thread is thrown out between 2 and 4, the linger time stays another one,
 * which changes nothing.
 */
public final class ChannelDescriptor {
  /** The longest linger time that the JDK sets. */
  private static final int LONGEST = 65_535;

  private static final Object LOCK = new Object();

  private final SystemCalls system;
  private final DescriptorCalls calls;

  public ChannelDescriptor(SystemCalls system, DescriptorCalls calls) {
    this.system = system;
    this.calls = calls;
  }

  /**
   * Returns another descriptor of the socket of a channel, which the caller closes.
   *
   * @throws IOException if the channel is closed
   */
  public int duplicate(SocketChannel channel) throws IOException {
    synchronized (LOCK) {
      int before = channel.getOption(StandardSocketOptions.SO_LINGER);
      int duplicate = find(channel);
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, before);
        return duplicate;
      } catch (Throwable e) {
        closeAfter(duplicate, e);
        throw e;
      }
    }
  }

  private int find(SocketChannel channel) throws IOException {
    int first = mark(channel, 0);
    for (int candidate : descriptors()) {
      if (shows(candidate, first)) {
        int duplicate = duplicate(candidate);
        boolean found = false;
        try {
          found = duplicate >= 0 && shows(duplicate, mark(channel, first));
          if (found) {
            return duplicate;
          }
          channel.setOption(StandardSocketOptions.SO_LINGER, first);
        } finally {
          if (!found && duplicate >= 0) {
            system.close(duplicate);
          }
        }
      }
    }
    throw new UnsupportedPlatformException(
        "the descriptor of "
            + channel
            + " cannot be found: none in /proc/self/fd shows what the channel sets. Mount /proc, and"
            + " use a channel of the JDK");
  }

  private void closeAfter(int duplicate, Throwable failure) {
    try {
      system.close(duplicate);
    } catch (HeapException e) {
      failure.addSuppressed(e);
    }
  }

  /** Negative if it was closed meanwhile: then it is not that of the channel. */
  private int duplicate(int descriptor) {
    try {
      return calls.duplicate(descriptor);
    } catch (SystemCallException e) {
      if (e.errno() == Errno.EBADF) {
        return -1;
      }
      throw e;
    }
  }

  /** Sets a linger time that is another than before. */
  private int mark(SocketChannel channel, int before) throws IOException {
    int random = before;
    while (random == before) {
      random = 1 + (int) Long.remainderUnsigned(system.random(), LONGEST);
    }
    channel.setOption(StandardSocketOptions.SO_LINGER, random);
    return random;
  }

  private boolean shows(int descriptor, int seconds) {
    OptionalInt linger = calls.linger(descriptor);
    return linger.isPresent() && linger.getAsInt() == seconds;
  }

  /** Listed so, they take one more descriptor themselves, and not two as a stream of the JDK. */
  private static int[] descriptors() {
    String[] numbers = new File("/proc/self/fd").list();
    if (numbers == null) {
      throw new UnsupportedPlatformException(
          "the descriptors of this process cannot be listed: mount /proc, which heaps need, or let"
              + " this process have more open files (ulimit -n)");
    }
    return Arrays.stream(numbers).mapToInt(Integer::parseInt).toArray();
  }
}
