import type { CodeMessages } from './en.codes.ts';

export const koCodes: CodeMessages = {
  failure: {
    empty_file: '빈 파일입니다(0바이트). 원본 위치에서 다시 복사해 주세요.',
    not_media: '파일 이름과 관계없이, 영상이나 음성으로 인식할 수 없는 파일입니다.',
    truncated: '파일의 끝부분이 없어 영상 위치 정보를 읽을 수 없습니다. 파일 전체를 다시 복사해 주세요.',
    damaged: '파일이 손상되어 구조를 읽을 수 없습니다. 다른 사본으로 시도해 주세요.',
    encrypted: '보호(암호화)된 파일입니다. 이 파일을 위한 전용 프로그램에서만 열 수 있습니다.',
    zero_duration: '길이가 0인 파일입니다. 재생할 내용이 없습니다.',
    no_tracks: '파일은 읽을 수 있지만 영상도 음성도 들어 있지 않습니다.',
    still_image: '정지 이미지입니다. 현재는 영상과 음성 파일만 편집할 수 있습니다.',
    text_file: '텍스트 파일입니다. 현재는 영상과 음성 파일만 가져올 수 있습니다.',
    no_decoder: '이 종류의 영상을 디코딩할 수 없습니다. 먼저 H.264, HEVC, VP9 또는 AV1로 변환해 주세요.',
    no_browser_decoder:
      '이 브라우저는 이 영상을 디코딩할 수 없으며, WebM은 브라우저의 코덱으로만 만듭니다. MP4 또는 MOV를 선택해 주세요.',
    hdr_unsupported: '이 방식의 HDR 영상은 아직 변환할 수 없습니다. 먼저 SDR로 내보내 주세요.',
    unreadable_file:
      '브라우저가 파일을 읽을 수 없습니다. 이동되었거나 이름이 바뀌었거나 다른 프로그램에서 사용 중일 수 있습니다. 다시 선택해 주세요.',
    bad_spec: '내보내기 설정이 서로 맞지 않습니다. 구간과 옵션을 확인한 뒤 다시 시도해 주세요.',
    newer_version:
      '더 새로운 버전의 Reelkeep에서 만든 문서입니다. 페이지를 새로고침하여 최신 버전을 받아 주세요.',
    not_offered_yet: '형식에는 포함되어 있지만 아직 제공되지 않는 옵션입니다. 다른 옵션을 선택해 주세요.',
    single_needs_one_segment:
      '단일 내보내기는 구간 하나만 사용할 수 있습니다. 구간을 하나 선택하거나 릴 전체를 내보내 주세요.',
    no_encoder:
      '이 브라우저에는 {format} 인코더가 없거나, 스튜디오가 ffmpeg 엔진만으로 열렸습니다. MP4나 MOV를 선택해 주세요.',
    no_segments: '아직 내보낼 내용이 없습니다. 먼저 구간을 추가해 주세요.',
    unknown_format: '알려진 형식이 아닙니다. 코멘트, 컷 목록, 자막을 찾지 못했습니다.',
    broken_document: '문서가 손상되었거나 불완전합니다. 알려진 형식으로 시작하지만 읽을 수 없습니다.',
    text_too_large: '코멘트, 컷, 자막 목록으로 보기에는 텍스트가 너무 큽니다.',
    range_outside_media: '구간이 파일 범위를 벗어났습니다. 시작 또는 끝을 파일 안으로 옮겨 주세요.',
    range_empty: '구간의 끝이 시작보다 앞에 있습니다. 시작 또는 끝을 수정해 주세요.',
    source_missing: '원본 파일을 찾을 수 없습니다. 미디어 목록에서 다시 연결하면 작업이 이어서 진행됩니다.',
    source_changed: '가져온 뒤에 원본 파일이 변경되었습니다. 다시 가져와서 구간을 확인해 주세요.',
    worker_crashed:
      '백그라운드 작업이 여러 번 예기치 않게 중단되었습니다. 다시 시도해 주세요. 다른 탭을 닫으면 메모리를 확보할 수 있습니다.',
    worker_stuck: '백그라운드 작업이 진행되지 않아 중지했습니다. 다시 시도해 주세요.',
    worker_start_failed:
      '백그라운드 작업을 시작할 수 없습니다. 페이지를 새로고침해 주세요. 계속되면 브라우저가 차단하고 있을 수 있습니다.',
    out_of_memory:
      '더 작게 나누어도 한 단계를 처리할 메모리가 부족했습니다. 다른 탭을 닫거나 더 낮은 해상도를 선택해 주세요.',
    frame_count_wrong: '인코더가 계획한 수의 프레임을 만들지 못해 결과를 폐기했습니다. 다시 시도해 주세요.',
    step_failed:
      '내보내기의 한 단계가 재시도 후에도 실패했습니다. 어느 단계인지는 세부 정보에서 확인할 수 있습니다.',
    copy_unsafe:
      '이 구간의 패킷은 안전하게 복사할 수 없습니다. 필요한 부분만 재인코딩하는 정확한 컷을 선택해 주세요.',
    font_missing: '코멘트를 그릴 글꼴을 불러오지 못했습니다. 페이지를 새로 고친 뒤 다시 시도해 주세요.',
    file_check_failed: '완성된 파일이 검사를 통과하지 못해 제공하지 않습니다. 다시 시도해 주세요.',
    cancelled: '취소되었습니다. 만들던 파일은 모두 삭제했습니다.',
    no_space:
      '브라우저가 사용할 저장 공간이 부족합니다. 이전 내보내기를 삭제하거나 디스크 공간을 확보해 주세요.',
    storage_unavailable:
      '브라우저가 이 페이지에 전용 저장소를 제공하지 않습니다. 시크릿 창이나 엄격한 보안 설정이 원인일 수 있습니다.',
    unknown_export: '더 이상 존재하지 않는 내보내기입니다.',
    result_gone: '이 내보내기의 파일은 더 이상 보관되어 있지 않습니다. 다시 만들어 주세요.',
    unknown_asset: '프로젝트에 더 이상 없는 파일입니다. 다시 가져와 주세요.',
    unknown_comment: '더 이상 없는 코멘트입니다.',
    export_not_finished: '내보내기가 아직 끝나지 않았습니다.',
    export_running: '내보내기가 아직 진행 중입니다. 먼저 취소해 주세요.',
    instance_closed: '스튜디오가 닫혔습니다. 페이지를 새로고침해 주세요.',
    forbidden_role: '현재 역할로는 할 수 없는 작업입니다. 소유자에게 문의해 주세요.',
    unexpected:
      '예상하지 못한 문제가 발생했습니다. 다시 시도해 주세요. 반복되면 아래의 세부 정보가 원인을 찾는 데 도움이 됩니다.',
  },
  reason: {
    packets_fit: '패킷이 이미 출력 조건과 일치함',
    starts_off_key_frame: '시작점이 키 프레임 사이에 있음',
    ends_inside_group: '끝점이 서로 의존하는 화면 그룹(GOP) 안에 있음',
    codec_differs: '원본의 코덱이 다름',
    size_changes: '화면 크기가 바뀜',
    rotation_baked: '회전을 화면에 직접 적용해야 함',
    parameters_differ: '원본의 인코딩 매개변수가 다름',
    parameters_in_band: '원본의 매개변수가 중간에 바뀜',
    pixel_format_differs: '원본의 픽셀 형식이 다름',
    color_differs: '색상 정보가 다름',
    open_group: '컷 이후의 화면이 컷 이전의 화면에 의존함',
    edit_list_cuts_in: '파일 자체가 첫 화면을 숨기고 있음(편집 목록)',
    check_failed_before: '이전에 복사한 결과가 검사를 통과하지 못함',
    cut_before_key_frame: '컷이 다음 키 프레임보다 앞에 있음',
    cut_after_last_reference: '끝부분의 화면이 컷 이후의 화면을 참조함',
    rate_above_ceiling: '원본 용량이 선택한 화질의 한도보다 큼',
    comments_painted: '코멘트를 화면에 그려 넣음',
    sound_joined: '여러 구간의 소리를 잡음 없이 이어 붙임',
    sound_unbroken: '소리가 끊김 없는 한 구간임',
    sound_codec_differs: '소리의 코덱이 다름',
  },
  deviation: {
    cut_moved:
      '컷이 키 프레임 위치로 이동했습니다. {startMs, number}ms 먼저 시작하고 {endMs, number}ms 늦게 끝납니다.',
    range_clamped: '구간이 파일 길이에 맞게 {ms, number}ms 줄었습니다.',
    stream_reencoded: '화면 전체를 복사할 수 없어({codec}) 필요한 부분을 재인코딩합니다.',
    picture_fitted: '화면({width} × {height})을 출력 크기에 맞추고 검은 여백을 넣습니다.',
    legacy_comments_left_out: '시간이 없는 코멘트 {count, number}개는 화면에 그리지 않습니다.',
    legacy_comments:
      '{count, plural, other {코멘트 #개는 시간이 없습니다. 시간 없이 목록에만 넣고 어떤 프레임에도 표시하지 않습니다.}}',
    comments_outside_ranges: '{count, plural, other {코멘트 #개는 구간 밖에 있어 제외합니다.}}',
    csv_cells_long:
      '{count, plural, other {CSV의 셀 #개가 스프레드시트 프로그램의 한도보다 깁니다. 그 프로그램에서 저장하면 잘립니다.}}',
    thumbnails_missing: '{count, plural, other {코멘트 #개는 프레임을 표시할 수 없어 그림이 없습니다.}}',
    bundle_in_volumes:
      '묶음이 ZIP 하나에 담기에는 커서 {count, number}개로 나눕니다. 각각 따로 열 수 있습니다.',
    clip_failed: '이 클립은 빠졌습니다. {problem}',
    clip_enlarged: '화면({width} × {height})이 출력보다 작아서 출력 크기에 맞게 확대합니다.',
    hdr_tone_mapped: 'HDR을 표준 범위로 변환합니다.',
    sound_downmixed: '{from, number}개 음향 채널을 {to, number}개로 믹스합니다.',
    silence_added: '{name}에는 소리가 없어 무음을 넣습니다.',
    tracks_left_out: '원본의 나머지 트랙 {count, plural, other {#개}}를 제외합니다.',
    rate_variable: '프레임 속도가 가변입니다. 모든 프레임이 원래 시각을 유지합니다.',
    odd_size_evened: '화면 크기를 짝수로 맞춥니다: {width} × {height}.',
    copy_replaced: '복사한 부분이 검사를 통과하지 못해 재인코딩으로 대체했습니다.',
    source_truncated: '{name}이(가) 일찍 끝나 있는 부분까지만 사용합니다.',
    no_sound: '소리가 있는 원본이 없어 출력에도 소리가 없습니다.',
    frames_lost: '디코딩할 수 없는 프레임 {count, plural, other {#개}}가 빠졌습니다.',
    depth_reduced: '원본 화면은 {bits}비트 {chroma}이지만, 결과 파일은 8비트 4:2:0입니다.',
    not_enlarged: '원본이 선택한 해상도보다 작아서 확대하지 않고 {width} × {height} 크기를 유지합니다.',
    source_damaged:
      '이 부분을 디코딩하면서 오류가 {count, plural, other {#건}} 발생했습니다. 원본의 손상된 화면이 그대로 보일 수 있습니다.',
    sound_joined_by_packets:
      '소리도 패킷 단위로 복사합니다. 이어지는 지점에서 최대 {ms, number}ms 어긋나거나 튀는 소리가 들릴 수 있습니다.',
    picture_gap:
      '화면이 {seconds, number}초 동안 멈춰 있습니다. 파일의 시간 정보가 비어 있거나 건너뛴 부분입니다.',
  },
  check: {
    tracks: '트랙',
    duration: '길이',
    frame_count: '프레임 수',
    frame_times: '모든 프레임의 시각',
    joins_decode: '이음매의 정상 디코딩',
    join_pictures: '이음매의 화면',
    sound_start: '소리와 화면의 시작 일치',
    sound_duration: '소리의 길이',
    sound_offset: '소리와 화면의 싱크',
    loudness: '소리의 크기',
    black_or_frozen: '검은 화면과 멈춘 화면',
  },
  stage: {
    preparing: '준비 중',
    rendering: '렌더링 중',
    assembling: '조립 중',
    verifying: '파일 검사 중',
    packaging: '패키징 중',
  },
  status: {
    pending: '대기 중',
    processing: '진행 중',
    completed: '완료',
    failed: '실패',
    cancelled: '취소됨',
  },
  warning: {
    truncated: '파일의 끝부분이 없습니다. 있는 부분까지 사용할 수 있습니다.',
    times_odd: '파일의 일부 시간 정보가 올바르지 않습니다. 그 부분은 제외됩니다.',
    duration_estimated: '파일에 길이 정보가 없어 추정했습니다.',
    several_video_tracks: '영상 트랙이 여러 개이며, 첫 번째 트랙을 사용합니다.',
    interlaced: '인터레이스(한 프레임에 두 필드)로 저장된 영상입니다. 디인터레이스하지 않고 그대로 둡니다.',
    drm_track_skipped: '보호된 트랙은 읽을 수 없어 제외했습니다.',
  },
};
