// The part of the PJRT C API that we call, in our own words: the layout of what a plugin and its
// caller give each other. The interface only grows: fields are added behind others, functions
// behind functions, and each structure says how large its writer knows it to be. So every
// structure ends in room for fields that newer plugins look at, which stay 0.
//
// Source: openxla.org/xla/pjrt, the header of interface 0.60; tried with plugins of 0.115.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PJRT_ROOM void *room[8]
#define PJRT_HEAD size_t struct_size; void *extension

// What `GetPjrtApi` returns: where each function is, by the numbers below.
typedef struct {
  PJRT_HEAD;
  struct {
    PJRT_HEAD;
    int major, minor;
  } version;
  void *functions[];
} PJRT_Api;

// Places in the table of functions: since interface 0.33, the last one since 0.40. Whoever calls looks
// first whether the plugin's table reaches so far.
enum {
  PJRT_Function_Error_Destroy = 0,
  PJRT_Function_Error_Message = 1,
  PJRT_Function_Error_Code = 2,
  PJRT_Function_Plugin_Initialize = 3,
  PJRT_Function_Plugin_Attributes = 4,
  PJRT_Function_Event_Destroy = 5,
  PJRT_Function_Event_Await = 8,
  PJRT_Function_Client_Create = 10,
  PJRT_Function_Client_Destroy = 11,
  PJRT_Function_Client_Platform = 12,
  PJRT_Function_Client_AllDevices = 15,
  PJRT_Function_Client_Devices = 16,
  PJRT_Function_Client_Compile = 20,
  PJRT_Function_Client_Buffer = 22,
  PJRT_Function_Description_Number = 23,
  PJRT_Function_Description_Process = 24,
  PJRT_Function_Description_Kind = 26,
  PJRT_Function_Device_Description = 29,
  PJRT_Function_Device_Memory = 34,
  PJRT_Function_Executable_Destroy = 40,
  PJRT_Function_Executable_NumOutputs = 44,
  PJRT_Function_Executable_Serialize = 49,
  PJRT_Function_Loaded_Destroy = 50,
  PJRT_Function_Loaded_Executable = 51,
  PJRT_Function_Loaded_Execute = 55,
  PJRT_Function_Client_Load = 56,
  PJRT_Function_Buffer_Destroy = 58,
  PJRT_Function_Buffer_ToHost = 70,
  PJRT_Function_Topology_Create = 82,
  PJRT_Function_Topology_Destroy = 83,
  PJRT_Function_Compile = 89,
  PJRT_Function_Executable_Memory = 96,
};

// All functions take one structure, and all but the first two return an error, or NULL.
typedef void *(*PJRT_Function)(void *arguments);

// Of every function that lets go of something.
typedef struct {
  PJRT_HEAD;
  void *object;
  PJRT_ROOM;
} PJRT_Destroy_Arguments;

typedef struct {
  PJRT_HEAD;
  const void *error;
  const char *message;  // out, lives as long as the error
  size_t message_size;  // out
  PJRT_ROOM;
} PJRT_Error_Message_Arguments;

typedef struct {
  PJRT_HEAD;
  const void *error;
  int code;  // out, one of abseil's
  PJRT_ROOM;
} PJRT_Error_Code_Arguments;

enum {
  PJRT_Code_DeadlineExceeded = 4,
  PJRT_Code_NotFound = 5,
  PJRT_Code_ResourceExhausted = 8,
};

typedef struct {
  PJRT_HEAD;
  PJRT_ROOM;
} PJRT_Plugin_Initialize_Arguments;

enum {
  PJRT_Value_String = 0,
  PJRT_Value_Integer = 1,
  PJRT_Value_Integers = 2,
  PJRT_Value_Float = 3,
  PJRT_Value_Bool = 4,
};

// A named value. These lie in arrays, so there is no room at the end: the size is exact.
typedef struct {
  PJRT_HEAD;
  const char *name;
  size_t name_size;
  int type;
  union {
    const char *string;
    int64_t integer;
    const int64_t *integers;
    float number;
    bool flag;
  };
  size_t value_size;
} PJRT_Named;

typedef struct {
  PJRT_HEAD;
  const PJRT_Named *attributes;  // out, live as long as the process
  size_t count;                  // out
  PJRT_ROOM;
} PJRT_Plugin_Attributes_Arguments;

typedef struct {
  PJRT_HEAD;
  const char *name;
  size_t name_size;
  const PJRT_Named *options;
  size_t option_count;
  void *topology;  // out
  PJRT_ROOM;
} PJRT_Topology_Create_Arguments;

typedef struct {
  PJRT_HEAD;
  const char *code;
  size_t code_size;
  const char *format;
  size_t format_size;
  PJRT_ROOM;
} PJRT_Program_Text;

typedef struct {
  PJRT_HEAD;
  const void *topology;
  const PJRT_Program_Text *program;
  const char *options;  // a serialised CompileOptionsProto
  size_t options_size;
  void *client;
  void *executable;  // out
  PJRT_ROOM;
} PJRT_Compile_Arguments;

typedef struct {
  PJRT_HEAD;
  void *executable;
  size_t count;  // out
  PJRT_ROOM;
} PJRT_Executable_NumOutputs_Arguments;

// Events: what goes on while the caller does something else.

typedef struct {
  PJRT_HEAD;
  void *event;
  PJRT_ROOM;
} PJRT_Event_Await_Arguments;

// Notes between processes, which a plugin leaves and asks for through functions of its caller's.
// It makes these structures, so they have no room.

// Makes the error that one of them returns.
typedef void *(*PJRT_Callback_Error)(int code, const char *message, size_t message_size);

typedef struct {
  PJRT_HEAD;
  const char *key;
  size_t key_size;
  int milliseconds;  // to wait
  PJRT_Callback_Error *error;
  void *context;
  char *value;              // out
  size_t value_size;        // out
  void (*destroy)(char *);  // out: for the value
} PJRT_Get_Note_Arguments;

// The same without waiting.
typedef struct {
  PJRT_HEAD;
  const char *key;
  size_t key_size;
  PJRT_Callback_Error *error;
  void *context;
  char *value;
  size_t value_size;
  void (*destroy)(char *);
} PJRT_Try_Note_Arguments;

typedef struct {
  PJRT_HEAD;
  const char *key;
  size_t key_size;
  const char *value;
  size_t value_size;
  PJRT_Callback_Error *error;
  void *context;
} PJRT_Put_Note_Arguments;

// A client: the devices of this process, and what it knows of those of others.

typedef struct {
  PJRT_HEAD;
  const PJRT_Named *options;
  size_t option_count;
  void *(*get)(PJRT_Get_Note_Arguments *);
  void *get_context;
  void *(*put)(PJRT_Put_Note_Arguments *);
  void *put_context;
  void *client;  // out
  void *(*try_get)(PJRT_Try_Note_Arguments *);
  void *try_get_context;
  PJRT_ROOM;
} PJRT_Client_Create_Arguments;

typedef struct {
  PJRT_HEAD;
  void *client;
  const char *name;  // out, lives as long as the client
  size_t name_size;  // out
  PJRT_ROOM;
} PJRT_Client_Platform_Arguments;

typedef struct {
  PJRT_HEAD;
  void *client;
  void *const *devices;  // out, those of this process, or of all
  size_t count;          // out
  PJRT_ROOM;
} PJRT_Client_Devices_Arguments;

typedef struct {
  PJRT_HEAD;
  void *device;
  void *description;  // out
  PJRT_ROOM;
} PJRT_Device_Description_Arguments;

typedef struct {
  PJRT_HEAD;
  void *description;
  int number;  // out
  PJRT_ROOM;
} PJRT_Description_Number_Arguments;

typedef struct {
  PJRT_HEAD;
  void *description;
  const char *kind;  // out, lives as long as the device
  size_t kind_size;  // out
  PJRT_ROOM;
} PJRT_Description_Kind_Arguments;

typedef struct {
  int64_t bytes;
  bool is_set;
} PJRT_Maybe_Bytes;

typedef struct {
  PJRT_HEAD;
  void *device;
  int64_t bytes_in_use;  // out, as all that follows
  PJRT_Maybe_Bytes peak_bytes_in_use, allocations, largest_allocation, limit, reserved,
      peak_reserved, reservable, largest_free_block, pool, peak_pool;
  PJRT_ROOM;
} PJRT_Device_Memory_Arguments;

// Buffers: numbers in a device's memory.

enum {
  PJRT_Type_S32 = 4,
  PJRT_Type_U8 = 6,
  PJRT_Type_F32 = 11,
};

enum {
  PJRT_Host_UntilTransferred = 1,
};

typedef struct {
  PJRT_HEAD;
  void *client;
  const void *data;
  int type;
  const int64_t *sizes;
  size_t size_count;
  const int64_t *strides;  // none: row-major
  size_t stride_count;
  int host;  // how long `data` stays as it is
  void *device;
  void *memory;
  void *layout;
  void *event;   // out: `data` may change
  void *buffer;  // out
  PJRT_ROOM;
} PJRT_Client_Buffer_Arguments;

typedef struct {
  PJRT_HEAD;
  void *buffer;
  void *layout;  // of the copy; NULL for the buffer's own
  void *data;    // NULL to ask for the size
  size_t size;
  void *event;  // out: `data` is there
  PJRT_ROOM;
} PJRT_Buffer_ToHost_Arguments;

// Loaded executables: programs that a client's devices run.

typedef struct {
  PJRT_HEAD;
  void *client;
  const PJRT_Program_Text *program;
  const char *options;  // a serialised CompileOptionsProto
  size_t options_size;
  void *loaded;  // out
  PJRT_ROOM;
} PJRT_Client_Compile_Arguments;

typedef struct {
  PJRT_HEAD;
  void *client;
  const char *bytes;  // of a serialised executable
  size_t size;
  void *loaded;  // out
  PJRT_ROOM;
} PJRT_Client_Load_Arguments;

typedef struct {
  PJRT_HEAD;
  void *loaded;
  void *executable;  // out, to be destroyed
  PJRT_ROOM;
} PJRT_Loaded_Executable_Arguments;

typedef struct {
  PJRT_HEAD;
  const void *executable;
  const char *bytes;            // out, live as long as `serialized`
  size_t size;                  // out
  void *serialized;             // out
  void (*destroy)(void *);      // out
  PJRT_ROOM;
} PJRT_Executable_Serialize_Arguments;

typedef struct {
  PJRT_HEAD;
  void *executable;
  // All are out, and of the device.
  int64_t code_bytes, argument_bytes, output_bytes, alias_bytes, temporary_bytes;
  int64_t host[5];
  PJRT_ROOM;
} PJRT_Executable_Memory_Arguments;

typedef struct {
  PJRT_HEAD;
  void *send_callbacks, *receive_callbacks;
  size_t sends, receives;
  int launch;
  const int64_t *kept_arguments;  // that may not be donated
  size_t kept_count;
  PJRT_ROOM;
} PJRT_Execute_Options;

typedef struct {
  PJRT_HEAD;
  void *loaded;
  PJRT_Execute_Options *options;
  void *const *const *arguments;  // [device][argument]
  size_t device_count;
  size_t argument_count;
  void **const *results;  // [device][result], memory of the caller's
  void **events;          // [device]: execution is over
  void *device;           // NULL for those that were compiled for
  PJRT_ROOM;
} PJRT_Loaded_Execute_Arguments;
