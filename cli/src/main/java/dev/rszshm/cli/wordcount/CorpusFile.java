package dev.rszshm.cli.wordcount;

/**
 * A file whose words are counted.
 *
 * @param path its absolute path
 * @param length the bytes to look at: its length when the count began
 */
public record CorpusFile(String path, long length) {}
