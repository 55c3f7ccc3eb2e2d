import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Popup, Show } from './popup.js';

/** A program that shows a pop-up: what others wrote is in its arguments or environment, never in a line that is parsed. */
interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints, or with what code it ends, when a person confirmed. */
  readonly isConfirmed: (output: string) => boolean;
}

const never = (): boolean => false;

/** How the desktop of this platform shows a pop-up; `undefined`: there is no desktop. */
export function desktop(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Show | undefined {
  switch (platform) {
    case 'darwin':
      return (popup, signal) => run(onMac(popup), signal);
    case 'win32':
      return (popup, signal) => run(onWindows(popup), signal);
    default: {
      const isThere = ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS'].some((name) => env[name]);
      return isThere ? onFreedesktop : undefined;
    }
  }
}

/** An older notify-send knows no buttons; an alert then stays in the list of the desktop. */
const onFreedesktop: Show = async (popup, signal) => {
  if (!popup.isAlert) return run(notifySend(popup, []), signal);
  try {
    return await run(notifySend(popup, ['--wait', '--action=confirmed=Confirm']), signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return run(notifySend(popup, []), signal);
  }
};

function notifySend({ title, text, isUrgent, isAlert }: Popup, more: readonly string[]): Invocation {
  const urgency = isAlert ? 'critical' : isUrgent ? 'normal' : 'low';
  return {
    command: 'notify-send',
    // It undoes backslashes in the text, and desktops take what is left for markup.
    args: ['--app-name=Mailslot', `--urgency=${urgency}`, ...more, '--', title, doubled(markup(text))],
    isConfirmed: (output) => output.trim() === 'confirmed',
  };
}

function doubled(text: string): string {
  return text.replaceAll('\\', '\\\\');
}

function markup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function onMac({ title, text, isAlert }: Popup): Invocation {
  const deed = isAlert
    ? 'display alert (item 1 of argv) message (item 2 of argv) as critical buttons {"Confirm"}'
    : 'display notification (item 2 of argv) with title (item 1 of argv)';
  return {
    command: 'osascript',
    args: ['-e', 'on run argv', '-e', deed, '-e', 'end run', '--', title, text],
    isConfirmed: isAlert ? (output) => output.includes('Confirm') : never,
  };
}

const TOAST = `
$null = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$toast = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent('ToastText02')
$lines = $toast.GetElementsByTagName('text')
$null = $lines.Item(0).AppendChild($toast.CreateTextNode($env:MAILSLOT_POPUP_TITLE))
$null = $lines.Item(1).AppendChild($toast.CreateTextNode($env:MAILSLOT_POPUP_TEXT))
$shell = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$manager = [Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($shell)
$manager.Show([Windows.UI.Notifications.ToastNotification]::new($toast))`;

const BOX = `
Add-Type -AssemblyName System.Windows.Forms
[System.Windows.Forms.MessageBox]::Show($env:MAILSLOT_POPUP_TEXT, $env:MAILSLOT_POPUP_TITLE, 'OK', 'Warning')`;

function onWindows({ title, text, isAlert }: Popup): Invocation {
  return {
    command: 'powershell.exe',
    args: ['-NoProfile', '-NonInteractive', '-Command', isAlert ? BOX : TOAST],
    env: { MAILSLOT_POPUP_TITLE: title, MAILSLOT_POPUP_TEXT: text },
    isConfirmed: isAlert ? (output) => output.trim() === 'OK' : never,
  };
}

/** Rejects when the program is missing or fails. */
async function run(
  { command, args, env, isConfirmed }: Invocation,
  signal: AbortSignal,
): Promise<'confirmed' | 'shown'> {
  const child = spawn(command, args, {
    signal,
    // What makes notify-send take its pop-up back.
    killSignal: 'SIGINT',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
    windowsHide: true,
  });
  let output = '';
  // There is none when too many files are open, which an event then tells.
  child.stdout?.on('data', (chunk: Buffer) => {
    if (output.length < 1000) output += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} failed with exit code ${code}`);
  return isConfirmed(output) ? 'confirmed' : 'shown';
}
