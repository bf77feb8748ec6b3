// The calls of MPI-3 that adabatch makes, with MPI's constants and handles filled in here: none of
// Open MPI's constants imports into Swift, MPI_IN_PLACE of no library does (it is a cast), and
// handles are integers in one library and pointers in the other.
#include <mpi.h>

#if MPI_VERSION < 3
#error "an MPI library of version 3 or newer is needed: 'make setup' installs MPICH"
#endif

typedef struct { MPI_Comm handle; } cmpi_comm;
typedef struct { MPI_Request handle; } cmpi_request;

// Errors come back as codes. The level of threads is MPI_THREAD_SERIALIZED, or *enough is 0.
static inline int cmpi_start(int *enough) {
  int level;
  int status = MPI_Init_thread(0, 0, MPI_THREAD_SERIALIZED, &level);
  *enough = level >= MPI_THREAD_SERIALIZED;
  if (status == MPI_SUCCESS)
    status = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  return status;
}

static inline int cmpi_finish(void) { return MPI_Finalize(); }

static inline void cmpi_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

static inline int cmpi_success(void) { return MPI_SUCCESS; }

// At most 512 characters in MPICH, 256 in Open MPI.
static inline int cmpi_error_text(int code, char text[1024], int *length) {
  return MPI_Error_string(code, text, length);
}

// MPICH's text has its build's options behind the version, 8192 characters at most.
static inline int cmpi_library_version(char text[8192], int *length) {
  return MPI_Get_library_version(text, length);
}

// A communicator of all ranks with messages of its own.
static inline int cmpi_all_ranks(cmpi_comm *all) {
  int status = MPI_Comm_dup(MPI_COMM_WORLD, &all->handle);
  if (status == MPI_SUCCESS)
    status = MPI_Comm_set_errhandler(all->handle, MPI_ERRORS_RETURN);
  return status;
}

static inline int cmpi_rank(cmpi_comm comm, int *rank) { return MPI_Comm_rank(comm.handle, rank); }

static inline int cmpi_size(cmpi_comm comm, int *size) { return MPI_Comm_size(comm.handle, size); }

static inline int cmpi_start_send(
    const void *bytes, int count, int rank, cmpi_comm comm, cmpi_request *request) {
  return MPI_Isend(bytes, count, MPI_BYTE, rank, 0, comm.handle, &request->handle);
}

static inline int cmpi_start_receive(
    void *bytes, int count, int rank, cmpi_comm comm, cmpi_request *request) {
  return MPI_Irecv(bytes, count, MPI_BYTE, rank, 0, comm.handle, &request->handle);
}

// Each rank's part of `bytes` goes to all others' same place.
static inline int cmpi_start_gather(
    void *bytes, const int counts[], const int places[], cmpi_comm comm, cmpi_request *request) {
  return MPI_Iallgatherv(
      MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, bytes, counts, places, MPI_BYTE, comm.handle,
      &request->handle);
}

// A struct of one handle lies in memory as the handle does.
static inline int cmpi_test_all(cmpi_request requests[], int count, int *done) {
  return MPI_Testall(count, (MPI_Request *)requests, done, MPI_STATUSES_IGNORE);
}
