/** What structs and arrays of them throw. */
package dev.rszshm.structures.struct.errors;
