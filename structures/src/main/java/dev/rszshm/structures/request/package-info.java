/** Requests with replies, between any number of clients and servers of any number of processes. */
@NullMarked
package dev.rszshm.structures.request;

import org.jspecify.annotations.NullMarked;
