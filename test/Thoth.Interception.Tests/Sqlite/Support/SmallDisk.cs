using System.Diagnostics;

namespace Thoth.Interception.Tests.Sqlite.Support;

/// <summary>A disk of 2 MiB in memory. Making one takes Linux and root; elsewhere the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk Mount()
    {
        var folder = Directory.CreateTempSubdirectory("thoth-disk-").FullName;
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder))
        {
            Directory.Delete(folder);
            Assert.Ignore("A small disk can only be mounted by root on Linux.");
        }

        return new SmallDisk(folder);
    }

    /// <summary>Leaves no byte free.</summary>
    public string Fill()
    {
        var path = System.IO.Path.Combine(Path, "ballast");
        using var ballast = new FileStream(path, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, BufferSize = 0 });
        foreach (var size in (int[])[4096, 1])
        {
            try
            {
                while (true)
                {
                    ballast.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // Full.
            }
        }

        return path;
    }

    public void MakeReadOnly() => Assert.That(Run("mount", "-o", "remount,ro", Path), Is.True);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
