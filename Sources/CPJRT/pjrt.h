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

// Places in the table of functions, as they stand since interface 0.33.
enum {
  PJRT_Function_Error_Destroy = 0,
  PJRT_Function_Error_Message = 1,
  PJRT_Function_Plugin_Initialize = 3,
  PJRT_Function_Plugin_Attributes = 4,
  PJRT_Function_Executable_Destroy = 40,
  PJRT_Function_Executable_NumOutputs = 44,
  PJRT_Function_Topology_Create = 82,
  PJRT_Function_Topology_Destroy = 83,
  PJRT_Function_Compile = 89,
};

// All functions take one structure, and all but the first two return an error, or NULL.
typedef void *(*PJRT_Function)(void *arguments);

typedef struct {
  PJRT_HEAD;
  void *error;
  PJRT_ROOM;
} PJRT_Error_Destroy_Arguments;

typedef struct {
  PJRT_HEAD;
  const void *error;
  const char *message;  // out, lives as long as the error
  size_t message_size;  // out
  PJRT_ROOM;
} PJRT_Error_Message_Arguments;

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
  void *topology;
  PJRT_ROOM;
} PJRT_Topology_Destroy_Arguments;

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
  PJRT_ROOM;
} PJRT_Executable_Destroy_Arguments;

typedef struct {
  PJRT_HEAD;
  void *executable;
  size_t count;  // out
  PJRT_ROOM;
} PJRT_Executable_NumOutputs_Arguments;
