package dev.rszshm.structures.internal.worker;

import dev.rszshm.heap.internal.os.LinuxSystemCalls;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A pipe from a worker to its starter. One of our own, since the JDK's can be read to its end only,
 * which comes when the last process has gone that the worker has left; this one can be closed under
 * a thread that reads it.
 */
public final class OutputPipe implements AutoCloseable {
  private static final int NONE = -1;

  private final FileInputStream in;
  private int target;

  private OutputPipe(FileInputStream in, int target) {
    this.in = in;
    this.target = target;
  }

  /**
   * Makes one.
   *
   * @throws dev.rszshm.heap.errors.HeapException if the system does not give one
   */
  public static OutputPipe open() throws IOException {
    int[] ends = LinuxSystemCalls.ownProcess().pipe();
    boolean opened = false;
    try {
      // The channel of a stream that has opened its file itself wakes who reads it when it is
      // closed.
      FileInputStream in = new FileInputStream(path(ends[0]));
      opened = true;
      return new OutputPipe(in, ends[1]);
    } finally {
      SystemCalls.host().close(ends[0]);
      if (!opened) {
        SystemCalls.host().close(ends[1]);
      }
    }
  }

  private static File path(int descriptor) {
    return new File("/proc/self/fd/" + descriptor);
  }

  /** Returns the file by which a worker gets the end for writing. */
  public File target() {
    return path(target);
  }

  /** Says that the worker has been started, or will not be: its end is its own. */
  public void handedOver() {
    int own = target;
    target = NONE;
    if (own != NONE) {
      SystemCalls.host().close(own);
    }
  }

  /** Returns how many bytes can be read without waiting; 0 if it is closed. */
  int available() {
    try {
      return in.available();
    } catch (IOException closed) {
      return 0;
    }
  }

  /** Waits for bytes, and reads some; -1 at the end. Throws if it is closed, also meanwhile. */
  int read(byte[] buffer, int most) throws IOException {
    boolean interrupted = Thread.interrupted(); // which would close it
    try {
      return in.getChannel().read(ByteBuffer.wrap(buffer, 0, most));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Closes the end for reading: who writes then gets an error. */
  @Override
  public void close() {
    try {
      in.getChannel().close();
    } catch (IOException e) {
      // The system has its descriptor back.
    }
  }
}
