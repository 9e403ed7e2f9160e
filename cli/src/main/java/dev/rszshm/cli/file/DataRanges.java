package dev.rszshm.cli.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.annotations.Variadic;
import jnr.ffi.types.off_t;

/** Where a file has memory, or disk: the rest of it are holes, which read as zeros. */
public final class DataRanges {
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int READ_ONLY_NOT_INHERITED = 02000000;

  /** More are not looked at: they count as one. */
  private static final int MOST = 1 << 20;

  private static final int HERE = -100;
  private static final int WANTED_BLOCKS = 0x400;
  private static final int STATX_LENGTH = 256;
  private static final int STATX_BLOCKS = 48;
  private static final int BLOCK_LENGTH = 512;

  private static final LibC C = LibraryLoader.create(LibC.class).load("c");

  private DataRanges() {}

  /** The functions that are called; public for the library that implements it. */
  public interface LibC {
    @Variadic(fixedCount = 2)
    int open(@In byte[] path, int flags, int mode);

    @off_t
    long lseek(int descriptor, @off_t long offset, int whence);

    int close(int descriptor);

    int statx(int directory, @In byte[] path, int flags, int wanted, @Out byte[] into);
  }

  /**
   * A range of bytes.
   *
   * @param from the first
   * @param to the one behind the last
   */
  public record Range(long from, long to) {
    /** How many there are. */
    public long length() {
      return to - from;
    }
  }

  /** Returns the ranges that have memory, in order; all of the file where it cannot be told. */
  public static List<Range> of(Path file, long length) {
    List<Range> ranges = new ArrayList<>();
    int descriptor = C.open(name(file), READ_ONLY_NOT_INHERITED, 0);
    if (descriptor < 0) {
      return List.of(new Range(0, length));
    }
    try {
      long at = 0;
      while (at < length && ranges.size() < MOST) {
        long from = C.lseek(descriptor, at, SEEK_DATA);
        if (from < 0 || from >= length) {
          return ranges; // nothing but a hole is left
        }
        long to = C.lseek(descriptor, from, SEEK_HOLE);
        to = to <= from ? length : Math.min(to, length);
        ranges.add(new Range(from, to));
        at = to;
      }
      if (at < length) {
        ranges.add(new Range(at, length));
      }
    } finally {
      C.close(descriptor);
    }
    return ranges;
  }

  private static byte[] name(Path file) {
    return (file.toAbsolutePath() + "\0").getBytes(Charset.defaultCharset());
  }

  /** Returns how many bytes of these ranges there are. */
  public static long bytes(Path file, long length) {
    return of(file, length).stream().mapToLong(Range::length).sum();
  }

  /**
   * Returns how many bytes of memory, or disk, the file takes: those of the ranges, and what was
   * taken ahead of need and never written.
   */
  public static long memory(Path file, long length) {
    byte[] status = new byte[STATX_LENGTH];
    if (C.statx(HERE, name(file), 0, WANTED_BLOCKS, status) != 0) {
      return bytes(file, length);
    }
    return BLOCK_LENGTH
        * ByteBuffer.wrap(status).order(ByteOrder.nativeOrder()).getLong(STATX_BLOCKS);
  }
}
