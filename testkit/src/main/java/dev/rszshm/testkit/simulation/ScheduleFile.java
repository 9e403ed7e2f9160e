package dev.rszshm.testkit.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The schedule of the run that is under way, in a file that outlives the JVM: each move is there
 * before it is made. A number of moves comes first, then these, each an int.
 */
final class ScheduleFile {
  private static final int MOST_MOVES = 1 << 20;

  private final MappedByteBuffer buffer;
  private int size;

  ScheduleFile(Path path) {
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, Integer.BYTES * (MOST_MOVES + 1L));
      buffer.order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the schedule to " + path, e);
    }
  }

  void beginRun() {
    size = 0;
    buffer.putInt(0, 0);
  }

  /** Notes a move; those beyond a million are not kept. */
  void add(int move) {
    if (size < MOST_MOVES) {
      buffer.putInt(Integer.BYTES * ++size, move);
      buffer.putInt(0, size);
    }
  }

  /** Reads what a run left. */
  static Schedule read(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long length = channel.size();
      MappedByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
      content.order(ByteOrder.LITTLE_ENDIAN);
      int size = length < Integer.BYTES ? -1 : content.getInt(0);
      if (size < 0 || size > MOST_MOVES || length < Integer.BYTES * (size + 1L)) {
        throw new IOException(
            path
                + " is no file with a schedule: "
                + Files.size(path)
                + " bytes, "
                + size
                + " moves");
      }
      int[] moves = new int[size];
      for (int i = 0; i < size; i++) {
        moves[i] = content.getInt(Integer.BYTES * (i + 1));
      }
      return new Schedule(moves);
    }
  }
}
