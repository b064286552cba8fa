namespace Thoth.Interception.CrashChild;

/// <summary>A tool that leaves a trace of its own wherever it ran.</summary>
public interface ICrashTools
{
    /// <summary>Writes the number down, and returns when the disk has it.</summary>
    Task RunAsync(string number);
}
