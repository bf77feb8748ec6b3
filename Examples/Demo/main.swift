import AdaBatch

print("demo")
