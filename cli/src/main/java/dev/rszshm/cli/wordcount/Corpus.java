package dev.rszshm.cli.wordcount;

import dev.rszshm.cli.CommandException;
import java.util.List;

/**
 * The files whose words are counted, in blocks, which are numbered from the first file to the last.
 */
final class Corpus {
  /** The most blocks that there can be. */
  static final int MAX_BLOCKS = 1 << 26;

  private static final long LEAST_LENGTH = 64 << 10;
  private static final long MOST_LENGTH = 16 << 20;
  private static final int BLOCKS_PER_WORKER = 16;

  private final List<CorpusFile> files;
  private final int blockLength;

  /** The number of blocks, and of bytes, of all files before one; the last is that of all. */
  private final int[] blocksBefore;

  private final long[] bytesBefore;

  /**
   * A part of a file.
   *
   * @param from offset of the first byte
   * @param to offset behind the last byte
   */
  record Block(CorpusFile file, long from, long to) {
    long length() {
      return to - from;
    }
  }

  /**
   * The blocks of some files.
   *
   * @param blockLength the length of all blocks but the last of each file
   * @throws CommandException if there are too many
   */
  Corpus(List<CorpusFile> files, int blockLength) {
    this.files = List.copyOf(files);
    this.blockLength = blockLength;
    this.blocksBefore = new int[files.size() + 1];
    this.bytesBefore = new long[files.size() + 1];
    for (int i = 0; i < files.size(); i++) {
      long length = files.get(i).length();
      long blocks = length / blockLength + (length % blockLength == 0 ? 0 : 1);
      if (blocks > MAX_BLOCKS - blocksBefore[i]) {
        throw CommandException.usage(
            "the files have more bytes than "
                + MAX_BLOCKS
                + " blocks of "
                + blockLength
                + " bytes: count fewer at a time");
      }
      blocksBefore[i + 1] = blocksBefore[i] + (int) blocks;
      bytesBefore[i + 1] = bytesBefore[i] + length;
    }
  }

  /** The length of blocks that gives each worker several, if that does not make them too short. */
  static int blockLength(List<CorpusFile> files, int workers) {
    double total = files.stream().mapToDouble(CorpusFile::length).sum();
    double even = total / workers / BLOCKS_PER_WORKER;
    return (int) Math.max(LEAST_LENGTH, Math.min(MOST_LENGTH, even));
  }

  List<CorpusFile> files() {
    return files;
  }

  int blockLength() {
    return blockLength;
  }

  int blocks() {
    return blocksBefore[files.size()];
  }

  /** The number of bytes of all files. */
  long length() {
    return bytesBefore[files.size()];
  }

  /** The number of bytes of all blocks before one. */
  long bytesBefore(long block) {
    if (block >= blocks()) {
      return length();
    }
    int file = fileOf((int) block);
    return bytesBefore[file] + (block - blocksBefore[file]) * blockLength;
  }

  Block block(int number) {
    int index = fileOf(number);
    CorpusFile file = files.get(index);
    long from = (long) (number - blocksBefore[index]) * blockLength;
    return new Block(file, from, Math.min(from + blockLength, file.length()));
  }

  /** The last file that begins with a block or before it; those without a block are none. */
  private int fileOf(int block) {
    int low = 0;
    int high = files.size();
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (blocksBefore[middle] <= block) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
