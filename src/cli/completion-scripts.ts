import { type Command, query } from '../app/command.js';
import { flag } from '../app/option.js';

/** Shells that completion scripts are written for. */
export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

/** The command that prints the script for a shell. */
export function completionCommand(shell: Shell): Command {
  return query({
    summary: `Print the completion script for ${shell}`,
    description: `The script asks nsc itself for candidates, so it never goes stale. To use it:\n\n${INSTALL[shell]}`,
    options: { noDescriptions: flag('no-descriptions', { help: 'complete without descriptions' }) },
    examples: [{ command: INSTALL[shell], what: 'load it' }],
    run: (_context, { noDescriptions }) => ({
      kind: 'emitted',
      what: `${shell} completion script`,
      content: SCRIPTS[shell](noDescriptions ? '__completeNoDesc' : '__complete'),
    }),
  }) as Command;
}

const INSTALL: Record<Shell, string> = {
  bash: 'source <(nsc completion bash)',
  zsh: 'source <(nsc completion zsh)',
  fish: 'nsc completion fish | source',
  powershell: 'nsc completion powershell | Out-String | Invoke-Expression',
};

/*
 * Every script calls `nsc <command> WORD… CURRENT` and gets one candidate per line, "value<tab>description", then a
 * line ":N": 0 = file names may follow too, 4 = they may not, 16 = names of directories. For `--flag=value` the
 * candidates are values.
 */
const SCRIPTS: Record<Shell, (command: string) => string> = {
  bash: () => `# completion of nsc for bash
_nsc() {
  local -a words=() lines=()
  local count=0 index word current directive line glued=
  # bash takes "--flag=value" apart; put it together again
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ $word == '=' && $count -gt 0 && \${words[count - 1]} == --* ]]; then
      words[count - 1]+='='
      glued=yes
    elif [[ -n $glued ]]; then
      words[count - 1]+=$word
      glued=
    else
      words[count]=$word
      count=$((count + 1))
    fi
  done
  [[ -n $glued && \${COMP_WORDS[COMP_CWORD]} != '=' ]] && words[count]=
  while IFS= read -r line; do lines+=("$line"); done < <("\${COMP_WORDS[0]}" __completeNoDesc "\${words[@]}" 2>/dev/null)
  COMPREPLY=()
  [[ \${#lines[@]} -gt 0 ]] || return
  directive=\${lines[\${#lines[@]} - 1]#:}
  unset "lines[\${#lines[@]} - 1]"
  current=\${COMP_WORDS[COMP_CWORD]}
  [[ $current == '=' ]] && current=
  case $directive in
    0) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current") ;;
    16) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current") ;;
  esac
  for line in "\${lines[@]}"; do
    [[ $line == "$current"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
  done
}
complete -F _nsc nsc
`,
  zsh: (command) => `#compdef nsc
# completion of nsc for zsh
_nsc() {
  local -a lines candidates
  local line directive
  lines=("\${(@f)$("\${words[1]}" ${command} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  directive=\${lines[-1]#:}
  for line in "\${(@)lines[1,-2]}"; do
    line=\${line//:/\\\\:}
    candidates+=("\${line/$'\\t'/:}")
  done
  [[ \${words[CURRENT]} == --*=* ]] && compset -P '*='
  (( \${#candidates} )) && _describe -V nsc candidates
  case $directive in
    0) _files ;;
    16) _files -/ ;;
  esac
}
if [ "\${funcstack[1]}" = _nsc ]; then _nsc "$@"; else compdef _nsc nsc; fi
`,
  fish: (command) => `# completion of nsc for fish
function __nsc_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] ${command} $words[2..-1] "$current" 2>/dev/null)
    test (count $lines) -gt 0; or return
    set -l flag (string match -r -- '^--[^=]+=' "$current")
    for line in $lines[1..-2]
        printf '%s%s\\n' "$flag" $line
    end
    set -l rest (string replace -r -- '^--[^=]+=' '' "$current")
    switch $lines[-1]
        case ':0'
            __fish_complete_path "$rest" | string replace -r '^' "$flag"
        case ':16'
            __fish_complete_directories "$rest" | string replace -r '^' "$flag"
    end
end
complete -c nsc -e
complete -c nsc -f -a '(__nsc_complete)'
`,
  powershell: (command) => `# completion of nsc for PowerShell
Register-ArgumentCompleter -Native -CommandName 'nsc' -ScriptBlock {
    param($word, $line, $cursor)
    $words = @($line.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursor } |
        Select-Object -Skip 1 |
        ForEach-Object { $_.Extent.Text.Trim('''"') })
    if ($word -eq '') { $words += if ($PSVersionTable.PSVersion -lt '7.3') { '""' } else { '' } }
    $answer = @(& nsc ${command} @words 2>$null)
    if ($answer.Count -eq 0) { return }
    $flag = if ($word -match '^(--[^=]+=)') { $Matches[1] } else { '' }
    $answer | Select-Object -SkipLast 1 | ForEach-Object {
        $value, $about = $_ -split "\`t", 2
        if (-not $about) { $about = $value }
        $text = if ($value -match '[\\s''"]') { "'" + $value.Replace("'", "''") + "'" } else { $value }
        [System.Management.Automation.CompletionResult]::new("$flag$text", $value, 'ParameterValue', $about)
    }
}
`,
};
