package dev.rszshm.cli.wordcount;

import java.util.Optional;

/**
 * A worker that has counted words, or has died.
 *
 * @param name its letter; its number if there are more workers than letters
 * @param pid its process id
 * @param bytes how many bytes it has counted
 * @param death how it has ended, if it has died
 */
record CountingWorker(String name, long pid, long bytes, Optional<String> death) {}
