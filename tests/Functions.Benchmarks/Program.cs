Console.WriteLine("usage: dotnet run -c Release --project tests/Functions.Benchmarks -- <name>");
