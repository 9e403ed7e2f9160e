package dev.rszshm.structures.internal.worker;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/*
 * What a starter and its worker tell each other: a file without a name, which is the standard input of the worker.
 *
 * Layout
 * ------
 *   OFFSET  SIZE  DESCRIPTION
 *        0     1  0; 1 when the worker is ready
 *        1     1  0; 1 when the starter holds the lock on this byte, which it keeps as long as it lives
 *        2     1  0; 1 when the starter lets the worker begin
 *        3     8  process id of the starter
 *       11     1  bit 0: the worker outlives the starter; bit 1: the class has a main method, else it is a WorkerBody
 *       12     4  number of texts that follow: the name of the class, the arguments
 *       16        each text: number of chars (4), UTF-16
 * Numbers are big-endian.
 *
 * Protocol
 * --------
 * 1 The starter makes the file under a random name that only its user may read, and writes it.
 * 2 It starts the worker with the file as its standard input.
 * 3 It locks byte 1 (fcntl), writes 1 there, and removes the name. Not before: the JDK opens the file in 2 for the
 *   worker and closes it, and with any descriptor of a file that a process closes, its locks on that file go.
 * 4 The worker reads the file from its standard input, and opens it for writing by /proc/self/fd/0.
 * 5 A thread of the worker waits for byte 1 to be 1, then tries to lock it again and again, and succeeds when the
 *   starter has ended.
 * 6 The worker writes 1 to byte 0; the starter looks at it again and again while it waits for that.
 * 7 The starter writes 1 to byte 2 when the worker may begin; one that waits for that looks at it again and again.
 * 8 When the worker has ended, the starter closes the file, and nothing is left of it.
 *
 * Such a lock belongs to a process: no child inherits it, and it goes with the process at whatever instant, whichever
 * pid namespace anybody is in. A starter that is stopped has it still.
 *
 * If a process dies here
 * ----------------------
 * The starter, at 1 to 3: the file stays, in the directory for temporary files. A worker that it has started sees in
 * 5 that nobody has the process id of the starter any more. The starter, later: nothing is left, and the worker ends
 * by 5. The worker, at any time: 8.
 */
public final class StartFile implements AutoCloseable {
  private static final long READY_OFFSET = 0;
  private static final long LOCK_OFFSET = 1;
  private static final long BEGIN_OFFSET = 2;
  private static final int FIRST_NUMBER = 3;
  private static final int SET = 1;
  private static final int OUTLIVES = 1;
  private static final int MAIN = 2;
  private static final int MOST_TEXTS = 1 << 20;

  private final Path path;
  private final RandomAccessFile file;

  private StartFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /** What the worker is told. */
  public record Content(
      long starter, boolean outlives, boolean isMain, String className, List<String> arguments) {}

  /** Makes a file with this content. */
  public static StartFile create(Content content) throws IOException {
    Path path = Files.createTempFile("rszshm-worker", "");
    boolean made = false;
    try {
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
      try {
        file.write(encode(content));
        made = true;
        return new StartFile(path, file);
      } finally {
        if (!made) {
          file.close();
        }
      }
    } finally {
      if (!made) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Returns the bytes of a file. */
  static byte[] encode(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[FIRST_NUMBER]);
    out.writeLong(content.starter);
    out.write((content.outlives ? OUTLIVES : 0) | (content.isMain ? MAIN : 0));
    out.writeInt(1 + content.arguments.size());
    write(out, content.className);
    for (String argument : content.arguments) {
      write(out, argument);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    out.writeInt(text.length());
    out.writeChars(text);
  }

  /** Reads a file from its beginning. */
  static Content read(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    in.readFully(new byte[FIRST_NUMBER]);
    long starter = in.readLong();
    int bits = in.readByte();
    int count = in.readInt();
    if (count < 1 || count > MOST_TEXTS) {
      throw new IOException("found " + count + " texts, expected 1 to " + MOST_TEXTS);
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(readText(in));
    }
    return new Content(
        starter,
        (bits & OUTLIVES) != 0,
        (bits & MAIN) != 0,
        texts.get(0),
        List.copyOf(texts.subList(1, count)));
  }

  private static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > Integer.MAX_VALUE / Character.BYTES) {
      throw new IOException("found a text of " + length + " chars");
    }
    byte[] bytes = in.readNBytes(length * Character.BYTES);
    if (bytes.length != length * Character.BYTES) {
      throw new IOException("found " + bytes.length + " bytes of a text of " + length + " chars");
    }
    return java.nio.ByteBuffer.wrap(bytes).asCharBuffer().toString();
  }

  /** Returns its name. */
  public Path path() {
    return path;
  }

  /** Locks it, so that the worker sees when this process ends, and takes its name away. */
  public void hold() throws IOException {
    file.getChannel().lock(LOCK_OFFSET, 1, false);
    file.seek(LOCK_OFFSET);
    file.write(SET);
    Files.deleteIfExists(path);
  }

  /** Returns whether the worker says that it is ready. */
  public synchronized boolean isReady() {
    try {
      file.seek(READY_OFFSET);
      return file.read() == SET;
    } catch (IOException closed) {
      return false;
    }
  }

  /** Lets the worker begin; has no effect once this is closed. */
  public synchronized void begin() {
    try {
      file.seek(BEGIN_OFFSET);
      file.write(SET);
    } catch (IOException closed) {
      // The worker has ended.
    }
  }

  /** Closes it; takes its name away if it still has one. */
  @Override
  public synchronized void close() throws IOException {
    file.close();
    Files.deleteIfExists(path);
  }

  /** Returns whether the starter has the lock, or had it. For the worker. */
  static boolean isHeld(RandomAccessFile file) throws IOException {
    synchronized (file) {
      file.seek(LOCK_OFFSET);
      return file.read() == SET;
    }
  }

  /** Returns whether the starter lets the worker begin. For the worker. */
  static boolean mayBegin(RandomAccessFile file) throws IOException {
    synchronized (file) {
      file.seek(BEGIN_OFFSET);
      return file.read() == SET;
    }
  }

  /** Returns whether nobody has the lock any more. For the worker. */
  static boolean isReleased(RandomAccessFile file) throws IOException {
    try (FileLock lock = file.getChannel().tryLock(LOCK_OFFSET, 1, false)) {
      return lock != null;
    }
  }

  /** Says that the worker is ready. For the worker. */
  static void sayReady(RandomAccessFile file) throws IOException {
    synchronized (file) {
      file.seek(READY_OFFSET);
      file.write(SET);
    }
  }
}
